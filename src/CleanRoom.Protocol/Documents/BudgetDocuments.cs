using System.Collections.Immutable;

namespace CleanRoom.Protocol.Documents;

/// <summary>Row 0 of a budget log: whose people it counts, and its key. Signed by the node. Spec: contracts/spec/0016 s.3.</summary>
public sealed record BudgetGenesis : Document
{
    /// <summary>Gets the log's id: contracts/spec/0016 s.2.</summary>
    public required string BudgetLog { get; init; }

    /// <summary>Gets the owner's root key: 65 bytes.</summary>
    public required Bytes OwnerKey { get; init; }

    /// <summary>Gets the unit domain.</summary>
    public required string Domain { get; init; }

    /// <summary>Gets the Ed25519 key that signs the log's checkpoints: 32 bytes.</summary>
    public required Bytes CheckpointKey { get; init; }

    /// <summary>Gets the ES256 key of the node that signed: 65 bytes.</summary>
    public required Bytes SigningKey { get; init; }
}

/// <summary>What one run of one collaboration has spent of an owner's budget. Signed by the node. Never refunded.</summary>
public sealed record OwnerCharge : Document
{
    public required string BudgetLog { get; init; }

    public required string Collaboration { get; init; }

    public required Digest QueryDigest { get; init; }

    /// <summary>Gets the run's number, from 1.</summary>
    public required int Run { get; init; }

    /// <summary>Gets the manifests of the owner's datasets of the domain that the run reads, in ascending order.</summary>
    public required ImmutableArray<Digest> Versions { get; init; }

    /// <summary>Gets the zCDP cost in billionths.</summary>
    public required long NanoRho { get; init; }

    /// <summary>Gets the delta in units of 10^-18.</summary>
    public required long AttoDelta { get; init; }

    /// <summary>Gets the ES256 key of the node that signed: 65 bytes.</summary>
    public required Bytes SigningKey { get; init; }
}

/// <summary>Shows a charge's row in an owner's budget log. Spec: contracts/spec/0016 s.5.</summary>
public sealed record BudgetProof
{
    public required string Owner { get; init; }

    public required string Domain { get; init; }

    /// <summary>Gets the log's id.</summary>
    public required string BudgetLog { get; init; }

    /// <summary>Gets the log's Ed25519 key: 32 bytes.</summary>
    public required Bytes CheckpointKey { get; init; }

    /// <summary>Gets the row's bytes.</summary>
    public required Bytes Row { get; init; }

    /// <summary>Gets the sibling hashes from the row's leaf up.</summary>
    public required ImmutableArray<Digest> Inclusion { get; init; }

    /// <summary>Gets a signed checkpoint of the log that holds the row.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>Gets the hashes that lead from the newest checkpoint in the ledger to this one; empty for the first.</summary>
    public required ImmutableArray<Digest> Consistency { get; init; }
}
