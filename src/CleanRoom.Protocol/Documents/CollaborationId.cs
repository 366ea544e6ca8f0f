using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol.Documents;

/// <summary>Computes the name of a collaboration.</summary>
public static class CollaborationId
{
    /// <summary>Returns 64 lower-case hex digits that commit to the first contract and the collaboration's public keys.</summary>
    /// <param name="contractDigest">Digest of the first proposed contract.</param>
    /// <param name="sealingKey">HPKE key: 65 bytes.</param>
    /// <param name="checkpointKey">Ed25519 key: 32 bytes.</param>
    /// <param name="nonce">32 random bytes.</param>
    /// <remarks>Spec: contracts/spec/0005 s.2.</remarks>
    public static string Of(Digest contractDigest, Bytes sealingKey, Bytes checkpointKey, Bytes nonce)
    {
        var parts = new JsonObject(
            new JsonMember("checkpointKey", checkpointKey),
            new JsonMember("contractDigest", contractDigest),
            new JsonMember("nonce", nonce),
            new JsonMember("sealingKey", sealingKey));
        return Digest.Labelled("cleanroom/v1/collaboration", Jcs.Write(parts)).ToString();
    }
}
