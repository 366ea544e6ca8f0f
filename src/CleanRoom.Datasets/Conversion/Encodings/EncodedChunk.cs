using CleanRoom.Datasets.Source.ParquetFormat;

namespace CleanRoom.Datasets.Conversion.Encodings;

/// <summary>A column chunk before it is written: perhaps a dictionary, and a page of values.</summary>
internal sealed class EncodedChunk
{
    /// <summary>Gets the memory that begins with the chunk.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Gets the bytes of the chunk, headers and all.</summary>
    public required int BodyBytes { get; init; }

    /// <summary>Gets the bytes of the chunk before compression.</summary>
    public required int PlainBytes { get; init; }

    /// <summary>Gets the bytes of the dictionary with its header; 0 if there is none.</summary>
    public required int DictionaryBytes { get; init; }

    /// <summary>Gets the encoding of the values.</summary>
    public required ParquetEncoding Encoding { get; init; }

    public required ParquetCodec Codec { get; init; }

    public required long Nulls { get; init; }

    /// <summary>Gets the least and the greatest value; null if they are not known.</summary>
    public required WrittenBounds? Bounds { get; init; }
}
