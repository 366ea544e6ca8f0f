using System.Collections.Immutable;

namespace CleanRoom.Grains.Messages;

/// <summary>One partition's part of a run.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.partition-assignment")]
public sealed record PartitionAssignment
{
    [Id(0)]
    public required string Collaboration { get; init; }

    /// <summary>Gets SQL that the node generated from a plan; its relations are the inputs by position.</summary>
    [Id(1)]
    public required string Sql { get; init; }

    [Id(2)]
    public required ImmutableArray<PartitionInput> Inputs { get; init; }

    /// <summary>Gets the name under which failures are logged.</summary>
    [Id(3)]
    public required string CorrelationId { get; init; }
}

/// <summary>One dataset's derived object in a partition, and the columns that are needed of it.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.partition-input")]
public sealed record PartitionInput
{
    [Id(0)]
    public required string Dataset { get; init; }

    /// <summary>Gets the manifest's digest in hex.</summary>
    [Id(1)]
    public required string ManifestDigest { get; init; }

    [Id(2)]
    public required int Partition { get; init; }

    /// <summary>Gets the object's name: 32 lower-case hex digits.</summary>
    [Id(3)]
    public required string Name { get; init; }

    [Id(4)]
    public required long PlaintextBytes { get; init; }

    [Id(5)]
    public required ImmutableArray<string> Columns { get; init; }

    /// <summary>Gets the one of the columns that names people; null if none does.</summary>
    [Id(6)]
    public string? Unit { get; init; }

    /// <summary>Gets what every row of it that the SQL uses lies within: the SQL has the same conditions. Row groups without such a row are not decrypted.</summary>
    [Id(7)]
    public ImmutableArray<PartitionBounds> Bounds { get; init; } = [];
}

/// <summary>A column of numbers, days or microseconds, and between which of them it lies.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.partition-bounds")]
public sealed record PartitionBounds([property: Id(0)] string Column, [property: Id(1)] long Least, [property: Id(2)] long Greatest);
