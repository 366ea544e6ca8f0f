using System.Collections.Immutable;
using CleanRoom.Datasets.Source.ParquetFormat;

namespace CleanRoom.Datasets.Conversion;

/// <summary>A row group that was written.</summary>
internal sealed record WrittenRowGroup(int Rows, ImmutableArray<WrittenChunk> Chunks);

/// <summary>A column chunk that was written.</summary>
internal sealed record WrittenChunk
{
    /// <summary>Gets where it begins in the file.</summary>
    public required long Offset { get; init; }

    /// <summary>Gets the bytes of its dictionary, which comes first; 0 if there is none.</summary>
    public required int DictionaryBytes { get; init; }

    public required ParquetEncoding Encoding { get; init; }

    public required ParquetCodec Codec { get; init; }

    public required long CompressedBytes { get; init; }

    public required long Bytes { get; init; }

    public required long Nulls { get; init; }

    /// <summary>Gets the least and the greatest value; null if they are not known.</summary>
    public required WrittenBounds? Bounds { get; init; }
}

/// <summary>The least and the greatest value of a chunk in the plain encoding, text without its length.</summary>
internal sealed record WrittenBounds(ReadOnlyMemory<byte> Least, ReadOnlyMemory<byte> Greatest);
