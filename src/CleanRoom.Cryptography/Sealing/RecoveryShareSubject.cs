using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>Which share it is: what its commitment and its seal to a member are bound to.</summary>
/// <remarks>Spec: contracts/spec/0026 s.4.</remarks>
public sealed record RecoveryShareSubject
{
    /// <summary>Gets the collaboration's id.</summary>
    public required string Collaboration { get; init; }

    /// <summary>Gets the digest of the contract that the set was made under.</summary>
    public required Digest ContractDigest { get; init; }

    /// <summary>Gets the set: 16 random bytes.</summary>
    public required Bytes Set { get; init; }

    /// <summary>Gets whose share it is.</summary>
    public required string Collaborator { get; init; }

    /// <summary>Gets its index: from 1.</summary>
    public required int Index { get; init; }

    /// <summary>Returns JCS{collaboration, collaborator, contractDigest, index, set}.</summary>
    public byte[] Encode() => Jcs.Write(new JsonObject(
        new JsonMember("collaboration", Collaboration),
        new JsonMember("collaborator", Collaborator),
        new JsonMember("contractDigest", ContractDigest),
        new JsonMember("index", Index),
        new JsonMember("set", Set)));

    /// <summary>Returns JCS{collaboration, collaborator, contractDigest, index, key, set}.</summary>
    /// <param name="receiveKey">The member's key that it is sealed to: 65 bytes.</param>
    public byte[] AssociatedData(Bytes receiveKey) => Jcs.Write(new JsonObject(
        new JsonMember("collaboration", Collaboration),
        new JsonMember("collaborator", Collaborator),
        new JsonMember("contractDigest", ContractDigest),
        new JsonMember("index", Index),
        new JsonMember("key", receiveKey),
        new JsonMember("set", Set)));
}
