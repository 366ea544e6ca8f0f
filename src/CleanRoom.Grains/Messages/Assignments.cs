using System.Collections.Immutable;

namespace CleanRoom.Grains.Messages;

/// <summary>All that a charged run needs of the ledger. Documents are encoded; digests are in hex.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.run-assignment")]
public sealed record RunAssignment
{
    [Id(0)]
    public required string ContractDigest { get; init; }

    [Id(1)]
    public required byte[] Contract { get; init; }

    [Id(2)]
    public required byte[] Query { get; init; }

    [Id(3)]
    public required string VerdictDigest { get; init; }

    [Id(4)]
    public required long ChargeSequence { get; init; }

    /// <summary>Gets the hash of the charge's leaf, from which everything of the run that must repeat is derived.</summary>
    [Id(5)]
    public required string ChargeLeaf { get; init; }

    /// <summary>Gets the encoded ingest statement of each input, in the query's order.</summary>
    [Id(6)]
    public required ImmutableArray<byte[]> Ingests { get; init; }

    [Id(7)]
    public required ImmutableArray<ReceiverKey> Receivers { get; init; }

    /// <summary>Gets the histories that the answer is offered to, one for each audited input.</summary>
    [Id(8)]
    public required ImmutableArray<HistoryAssignment> Histories { get; init; }
}

/// <summary>The memory of earlier answers about one dataset version, as the ledger names it. Digests are in hex.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.history-assignment")]
public sealed record HistoryAssignment
{
    [Id(0)]
    public required string Dataset { get; init; }

    [Id(1)]
    public required string ManifestDigest { get; init; }

    /// <summary>Gets how many cells of this plan over these versions the memory has counted.</summary>
    [Id(2)]
    public required int Counted { get; init; }

    /// <summary>Gets where the newest state is; null before the first answer.</summary>
    [Id(3)]
    public required HistoryState? Newest { get; init; }
}

/// <summary>A sealed state of the audit of earlier answers.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.history-state")]
public sealed record HistoryState(
    [property: Id(0)] string Commitment, [property: Id(1)] string Name, [property: Id(2)] long Bytes, [property: Id(3)] string Digest);

/// <summary>A member that the answer is sealed to.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.receiver")]
public sealed record ReceiverKey(
    [property: Id(0)] string Collaborator, [property: Id(1)] string Member, [property: Id(2)] byte[] PublicKey);

/// <summary>All that taking in a dataset version needs of the ledger. Documents are encoded.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.ingest-assignment")]
public sealed record IngestAssignment
{
    [Id(0)]
    public required byte[] Contract { get; init; }

    [Id(1)]
    public required byte[] Manifest { get; init; }

    [Id(2)]
    public required byte[] Grant { get; init; }

    /// <summary>Gets the members of the owner that can open the report.</summary>
    [Id(3)]
    public required ImmutableArray<ReceiverKey> ReportReaders { get; init; }
}
