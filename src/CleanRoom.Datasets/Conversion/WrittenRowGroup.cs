using System.Collections.Immutable;

namespace CleanRoom.Datasets.Conversion;

/// <summary>A row group that was written.</summary>
internal sealed record WrittenRowGroup(int Rows, ImmutableArray<WrittenChunk> Chunks);

/// <summary>A column chunk that was written.</summary>
internal sealed record WrittenChunk
{
    /// <summary>Gets where its page begins in the file.</summary>
    public required long Offset { get; init; }

    public required long CompressedBytes { get; init; }

    public required long Bytes { get; init; }

    public required long Nulls { get; init; }

    /// <summary>Gets the least and the greatest value; null if they are not known.</summary>
    public required WrittenBounds? Bounds { get; init; }
}

/// <summary>The least and the greatest value of a chunk in the plain encoding, text without its length.</summary>
internal sealed record WrittenBounds(ReadOnlyMemory<byte> Least, ReadOnlyMemory<byte> Greatest);
