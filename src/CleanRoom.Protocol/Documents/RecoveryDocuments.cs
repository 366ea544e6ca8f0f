using System.Collections.Immutable;

namespace CleanRoom.Protocol.Documents;

/// <summary>A set of shares of the collaboration's secret, each sealed to its collaborator's members. Signed by a node. Spec: contracts/spec/0026 s.4.</summary>
public sealed record RecoveryShareSet : Document
{
    public required string Collaboration { get; init; }

    public required Digest ContractDigest { get; init; }

    /// <summary>Gets how many shares restore the secret: the contract's <c>recovery.k</c>.</summary>
    public required int K { get; init; }

    /// <summary>Gets the set's name: 16 random bytes.</summary>
    public required Bytes Set { get; init; }

    /// <summary>Gets one share for each collaborator, in the order of the contract.</summary>
    public required ImmutableArray<CollaboratorShare> Shares { get; init; }
}

/// <summary>A collaborator's share.</summary>
public sealed record CollaboratorShare
{
    public required string Collaborator { get; init; }

    /// <summary>Gets its index: the collaborator's place in the contract, from 1.</summary>
    public required int Index { get; init; }

    /// <summary>Gets a salted hash of the share, by which a false one is named.</summary>
    public required Digest Commitment { get; init; }

    /// <summary>Gets the same share for each admin and owner with a receive key, by member name.</summary>
    public required ImmutableArray<SealedShare> Sealed { get; init; }
}

/// <summary>A share sealed to one member.</summary>
public sealed record SealedShare
{
    public required string Member { get; init; }

    /// <summary>Gets the receive key that it is sealed to: 65 bytes.</summary>
    public required Bytes ReceiveKey { get; init; }

    /// <summary>Gets the encapsulated key: 65 bytes.</summary>
    public required Bytes Enc { get; init; }

    /// <summary>Gets the ciphertext: 80 bytes.</summary>
    public required Bytes Ciphertext { get; init; }
}

/// <summary>A member releases its collaborator's share to one node, at one start of it. Spec: contracts/spec/0026 s.6.</summary>
public sealed record RecoveryStatement : Document
{
    public required string Collaboration { get; init; }

    public required Digest ContractDigest { get; init; }

    public required Bytes Set { get; init; }

    public required string Collaborator { get; init; }

    public required string Member { get; init; }

    /// <summary>Gets the digest of the binding, of purpose <c>recovery</c>, in the evidence that the member has appraised.</summary>
    public required Digest BindingDigest { get; init; }

    /// <summary>Gets SHA-256 over encapsulated key and ciphertext of the share sealed to that node.</summary>
    public required Digest ReleaseDigest { get; init; }

    public required string Reason { get; init; }

    /// <summary>Gets the newest checkpoint that the member has seen, as a signed note: the log that is restored must hold it.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>Gets the end of the release: at most 24 hours after it was made.</summary>
    public required Timestamp Expires { get; init; }

    /// <summary>Gets 16 random bytes.</summary>
    public required Bytes Nonce { get; init; }
}

/// <summary>Who restored the room, and to which node. Signed by that node, in the row after its admission. Spec: contracts/spec/0026 s.7.</summary>
public sealed record Recovery : Document
{
    public required string Collaboration { get; init; }

    public required Digest ContractDigest { get; init; }

    public required Bytes Set { get; init; }

    /// <summary>Gets the releases of k different collaborators, by collaborator.</summary>
    public required ImmutableArray<RecoveryRelease> Releases { get; init; }
}

/// <summary>One collaborator's release. The share itself is in no row.</summary>
public sealed record RecoveryRelease
{
    /// <summary>Gets the encoded envelope of the <see cref="RecoveryStatement"/>.</summary>
    public required Bytes Statement { get; init; }

    /// <summary>Gets the binding whose digest the statement names: it has the node's keys.</summary>
    public required Binding Binding { get; init; }
}
