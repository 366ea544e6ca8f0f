namespace CleanRoom.Datasets.Conversion;

/// <summary>A column chunk before it is written.</summary>
internal sealed class EncodedChunk
{
    /// <summary>Gets the header of its page.</summary>
    public required ReadOnlyMemory<byte> Header { get; init; }

    /// <summary>Gets the memory that begins with the compressed page.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Gets the bytes of the compressed page.</summary>
    public required int BodyBytes { get; init; }

    /// <summary>Gets the bytes of the page before compression.</summary>
    public required int PageBytes { get; init; }

    public required long Nulls { get; init; }

    /// <summary>Gets the least and the greatest value; null if they are not known.</summary>
    public required WrittenBounds? Bounds { get; init; }
}
