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
}
