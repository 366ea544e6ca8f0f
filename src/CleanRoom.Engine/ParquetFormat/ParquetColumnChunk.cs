namespace CleanRoom.Engine.ParquetFormat;

/// <summary>Where one column of one row group lies.</summary>
internal sealed record ParquetColumnChunk
{
    /// <summary>Gets the name of the top-level column.</summary>
    public required string Column { get; init; }

    /// <summary>Gets the pages, dictionary page included.</summary>
    public required ByteRange Pages { get; init; }

    /// <summary>Gets the least and the greatest value; null where the writer does not say, or of another type than a whole number.</summary>
    public required (long Least, long Greatest)? Bounds { get; init; }

    /// <summary>Gets the offset index and the column index, as far as there are any.</summary>
    public required IReadOnlyList<ByteRange> Indexes { get; init; }

    /// <summary>Gets the start of the Bloom filter; null when there is none.</summary>
    public required long? BloomFilterOffset { get; init; }

    /// <summary>Gets the length of the Bloom filter with its header; null when the writer did not say.</summary>
    public required long? BloomFilterLength { get; init; }
}
