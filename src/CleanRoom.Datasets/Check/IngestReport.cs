using System.Collections.Immutable;
using CleanRoom.Datasets.Problems;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Check;

/// <summary>What was found when a dataset was checked. For the dataset's owner only. Spec: contracts/spec/0007 s.7.</summary>
public sealed record IngestReport
{
    /// <summary>Gets a value that says whether the dataset may be used: no problem of any kind.</summary>
    public required bool Accepted { get; init; }

    /// <summary>Gets the format; null if the file could not be opened.</summary>
    public required SourceFormat? Format { get; init; }

    /// <summary>Gets the number of records after the header that were read.</summary>
    public required long Rows { get; init; }

    /// <summary>Gets the number of source bytes that were read.</summary>
    public required long Bytes { get; init; }

    /// <summary>Gets the number of cells whose digits past the declared scale were rounded half-even.</summary>
    public required long RoundedCells { get; init; }

    /// <summary>Gets the number of identifiers that were brought to the normal form of their profile. Rounding and this are the only changes made to values.</summary>
    public required long NormalisedCells { get; init; }

    /// <summary>Gets the number of rows that equal an earlier row in every column. Duplicates are stated, not refused.</summary>
    public required long DuplicateRows { get; init; }

    /// <summary>Gets a value that says whether <see cref="DuplicateRows"/> is exact; otherwise it is a lower bound.</summary>
    public required bool DuplicateRowsExact { get; init; }

    /// <summary>Gets the largest number of rows of one unit; 0 without a unit column.</summary>
    public required long MaxRowsPerUnit { get; init; }

    /// <summary>Gets the number of different units, without NULL and sentinels; 0 without a unit column.</summary>
    public required long DistinctUnits { get; init; }

    /// <summary>Gets the number of rows whose unit is NULL.</summary>
    public required long NullUnitRows { get; init; }

    /// <summary>Gets the number of rows whose unit is a sentinel such as 0.</summary>
    public required long SentinelUnitRows { get; init; }

    /// <summary>Gets the number of problems by kind; kinds without a problem are absent.</summary>
    public required ImmutableSortedDictionary<ProblemKind, long> ProblemCounts { get; init; }

    /// <summary>Gets the first 100 problems of each kind.</summary>
    public required ImmutableArray<DatasetProblem> Problems { get; init; }
}
