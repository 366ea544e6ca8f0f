using System.Collections.Immutable;

namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>What is taken from a Parquet footer: a flat schema and where the column chunks lie.</summary>
internal sealed record ParquetMetadata
{
    public required ImmutableArray<ParquetColumn> Columns { get; init; }

    public required ImmutableArray<ParquetRowGroup> RowGroups { get; init; }
}

/// <summary>A column of a flat schema.</summary>
internal sealed record ParquetColumn
{
    public required string Name { get; init; }

    public required bool IsOptional { get; init; }

    public required ParquetPhysical Physical { get; init; }

    public required ParquetLogical Logical { get; init; }

    /// <summary>Gets the length of a fixed-length value in bytes; 0 for other types.</summary>
    public required int Length { get; init; }

    /// <summary>Gets the digits after the point of a decimal.</summary>
    public required int Scale { get; init; }

    /// <summary>Gets the bytes of a value in the plain encoding, where a boolean is taken as a byte; 0 for byte strings.</summary>
    public int Width => Physical switch
    {
        ParquetPhysical.Boolean => 1,
        ParquetPhysical.Int32 or ParquetPhysical.Float => sizeof(int),
        ParquetPhysical.Int64 or ParquetPhysical.Double => sizeof(long),
        ParquetPhysical.Int96 => 12,
        ParquetPhysical.FixedLength => Length,
        _ => 0,
    };

    /// <summary>Gets the fewest bytes of a dictionary entry: an empty byte string has its length of 4 bytes.</summary>
    public int LeastBytes => Width == 0 ? sizeof(int) : Width;
}

/// <summary>A row group: the same rows in every chunk.</summary>
internal sealed record ParquetRowGroup
{
    public required long Rows { get; init; }

    public required ImmutableArray<ParquetChunk> Chunks { get; init; }
}

/// <summary>One column of one row group: consecutive pages from an offset of the file.</summary>
internal sealed record ParquetChunk
{
    public required long Values { get; init; }

    public required long Offset { get; init; }

    public required long CompressedBytes { get; init; }

    public required ParquetCodec Codec { get; init; }
}

/// <summary>Physical types, numbered as in the format. Spec: parquet.thrift, Type.</summary>
internal enum ParquetPhysical
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Int96 = 3,
    Float = 4,
    Double = 5,
    ByteArray = 6,
    FixedLength = 7,
}

/// <summary>What the values mean.</summary>
internal enum ParquetLogical
{
    /// <summary>No annotation: the physical value itself.</summary>
    Plain = 0,
    Text = 1,
    Decimal = 2,
    Date = 3,
    Unsigned = 4,
    TimestampMillis = 5,
    TimestampMicros = 6,
    TimestampNanos = 7,
    Uuid = 8,

    /// <summary>Annotated as something that no column type takes.</summary>
    Unsupported = 9,

    /// <summary>The null type: every value is NULL.</summary>
    Null = 10,
}
