using CleanRoom.Datasets.Check;

namespace CleanRoom.Datasets.Conversion;

/// <summary>What an ingest found and wrote.</summary>
public sealed record IngestOutcome
{
    /// <summary>Gets the report. Where it refuses, what was written is incomplete and MUST be discarded.</summary>
    public required IngestReport Report { get; init; }

    /// <summary>Gets the number of Parquet bytes; 0 when the report refuses.</summary>
    public required long ParquetBytes { get; init; }

    /// <summary>Gets the number of row groups; 0 when the report refuses.</summary>
    public required int RowGroups { get; init; }
}
