namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>A page of a column chunk. Made by <see cref="ParquetPageGuard"/> alone, so its sizes are inside the file and the limits.</summary>
internal readonly record struct ParquetPage
{
    public required ParquetPageKind Kind { get; init; }

    /// <summary>Gets where the bytes after the page header begin in the file.</summary>
    public required long Offset { get; init; }

    /// <summary>Gets the number of bytes after the page header, compressed, with the levels of a page of version 2.</summary>
    public required int CompressedBytes { get; init; }

    /// <summary>Gets the number of bytes when decompressed, with the levels of a page of version 2.</summary>
    public required int Bytes { get; init; }

    /// <summary>Gets the number of values with NULLs, or of dictionary entries.</summary>
    public required int Values { get; init; }

    public required ParquetEncoding Encoding { get; init; }

    /// <summary>Gets the number of bytes of definition levels before the values of a page of version 2; 0 for other pages.</summary>
    public required int LevelBytes { get; init; }

    /// <summary>Gets a value that says whether the values are compressed with the codec of the chunk.</summary>
    public required bool IsCompressed { get; init; }
}

/// <summary>Page types, numbered as in the format. Spec: parquet.thrift, PageType.</summary>
internal enum ParquetPageKind
{
    Data = 0,
    Dictionary = 2,
    DataV2 = 3,
}

/// <summary>Encodings that are read, numbered as in the format. Spec: parquet.thrift, Encoding.</summary>
internal enum ParquetEncoding
{
    Plain = 0,
    PlainDictionary = 2,
    RunLength = 3,
    DeltaBinaryPacked = 5,
    DeltaLengthByteArray = 6,
    RunLengthDictionary = 8,
    ByteStreamSplit = 9,
}

/// <summary>Codecs that are read, numbered as in the format. Spec: parquet.thrift, CompressionCodec.</summary>
internal enum ParquetCodec
{
    None = 0,
    Snappy = 1,
    Gzip = 2,
    Zstd = 6,
    Lz4Raw = 7,
}
