using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Json;
using CleanRoom.Protocol.Ledger;

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

    /// <summary>Returns the name that row 0 leads to, whatever name it gives itself.</summary>
    public static string Of(Genesis genesis)
    {
        ArgumentNullException.ThrowIfNull(genesis);
        return Of(genesis.ContractDigest, genesis.SealingKey, genesis.CheckpointKey, genesis.Nonce);
    }

    /// <summary>Says why row 0 gives a collaboration no identity; null when it does. Anybody can make up a row 0, and a name that it leads to.</summary>
    /// <param name="genesis">Trust: attacker-controlled.</param>
    internal static Refusal? WhyNone(Genesis genesis)
    {
        if (Of(genesis) is var id && genesis.Collaboration != id)
        {
            return new(RefusalCode.RowInvalid, $"collaboration {id}", genesis.Collaboration);
        }

        // A key of another length could never verify a checkpoint, and the log would have no identity.
        return genesis.SealingKey.Length != EnvelopeVerifier.PublicKeyLength || genesis.CheckpointKey.Length != NoteVerifierKey.PublicKeyLength
            ? new(
                RefusalCode.RowInvalid,
                $"a sealing key of {EnvelopeVerifier.PublicKeyLength} and a checkpoint key of {NoteVerifierKey.PublicKeyLength} bytes",
                $"{genesis.SealingKey.Length} and {genesis.CheckpointKey.Length} bytes")
            : null;
    }
}
