using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CleanRoom.Datasets.Problems;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Inspect;

/// <summary>What a file holds, for its owner's eyes on its owner's machine. Spec: contracts/spec/0007 s.9.</summary>
public sealed record DatasetInspection
{
    /// <summary>Gets the format; null if the file could not be opened.</summary>
    public required SourceFormat? Format { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Gets the number of records after the header.</summary>
    public required long Rows { get; init; }

    /// <summary>Gets the columns in file order.</summary>
    public required ImmutableArray<ColumnInspection> Columns { get; init; }

    /// <summary>Gets the first records, in file order: text of at most 64 characters, or null.</summary>
    public required ImmutableArray<ImmutableArray<string?>> Preview { get; init; }

    public required ImmutableSortedDictionary<ProblemKind, long> ProblemCounts { get; init; }

    /// <summary>Gets the first problems of each kind that keep records from being read.</summary>
    public required ImmutableArray<DatasetProblem> Problems { get; init; }
}

/// <summary>What a column holds.</summary>
public sealed record ColumnInspection
{
    public required string Name { get; init; }

    /// <summary>Gets the narrowest type that takes every value; <see cref="ColumnType.String"/> if there is none.</summary>
    public required ColumnType Type { get; init; }

    /// <summary>Gets the digits after the point that a decimal needs, at most as many as 18 digits leave; absent for other types.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Scale { get; init; }

    /// <summary>Gets a value that says whether the scale holds every value exactly; otherwise an ingest would round. Absent for other types.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? ScaleExact { get; init; }

    public required long Nulls { get; init; }

    /// <summary>Gets the number of different values; a lower bound if <see cref="DistinctExact"/> is false.</summary>
    public required long Distinct { get; init; }

    public required bool DistinctExact { get; init; }

    /// <summary>Gets the least value, by number for numbers and by text otherwise; null without values.</summary>
    public required string? Min { get; init; }

    /// <summary>Gets the greatest value, by number for numbers and by text otherwise; null without values.</summary>
    public required string? Max { get; init; }
}
