using System.Collections.Immutable;
using CleanRoom.Datasets.Source.ParquetFormat;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Conversion;

/// <summary>Writes the footer of a Parquet file. Spec: parquet.thrift, FileMetaData; the numbers are its field ids.</summary>
internal static class ParquetFooterWriter
{
    private const int FormatVersion = 1;
    private const int DecimalPrecision = 18;

    // Spec: parquet.thrift, ConvertedType: for readers that do not know logical types.
    private const int ConvertedUtf8 = 0, ConvertedDecimal = 5, ConvertedDate = 6;

    /// <summary>Returns the footer without its length.</summary>
    public static ReadOnlyMemory<byte> Write(ImmutableArray<ColumnBuffer> columns, IReadOnlyList<WrittenRowGroup> groups)
    {
        var footer = new ThriftWriter();
        footer.Field(1, FormatVersion);
        footer.Structures(2, columns.Length + 1);
        footer.BeginElement();
        footer.Field(4, "schema");
        footer.Field(5, columns.Length);
        footer.End();
        foreach (var column in columns)
        {
            WriteColumn(footer, column);
        }

        footer.Field(3, groups.Sum(group => (long)group.Rows));
        footer.Structures(4, groups.Count);
        foreach (var group in groups)
        {
            WriteGroup(footer, columns, group);
        }

        footer.Field(6, "CleanRoom");

        // Without an order for each column readers may not use its bounds.
        footer.Structures(7, columns.Length);
        foreach (var _ in columns)
        {
            footer.BeginElement();
            footer.Empty(1);
            footer.End();
        }

        footer.End();
        return footer.Written;
    }

    private static void WriteColumn(ThriftWriter footer, ColumnBuffer column)
    {
        footer.BeginElement();
        footer.Field(1, (int)column.Physical);
        if (column.FixedBytes > 0)
        {
            footer.Field(2, column.FixedBytes);
        }

        footer.Field(3, column.IsNullable ? 1 : 0);
        footer.Field(4, column.Name);
        switch (column.Type)
        {
            case ColumnType.Decimal:
                footer.Field(6, ConvertedDecimal);
                footer.Field(7, column.Scale);
                footer.Field(8, DecimalPrecision);
                footer.Begin(10);
                footer.Begin(5);
                footer.Field(1, column.Scale);
                footer.Field(2, DecimalPrecision);
                footer.End();
                footer.End();
                break;
            case ColumnType.String:
                footer.Field(6, ConvertedUtf8);
                Logical(footer, 1);
                break;
            case ColumnType.Date:
                footer.Field(6, ConvertedDate);
                Logical(footer, 6);
                break;
            case ColumnType.Timestamp:
                // Not "adjusted to UTC": the engine would read a zoned type, whose truncation depends on the session's time zone.
                footer.Begin(10);
                footer.Begin(8);
                footer.FieldFalse(1);
                footer.Begin(2);
                footer.Empty(2);
                footer.End();
                footer.End();
                footer.End();
                break;
            case ColumnType.Uuid:
                Logical(footer, 14);
                break;
        }

        footer.End();
    }

    private static void Logical(ThriftWriter footer, int type)
    {
        footer.Begin(10);
        footer.Empty(type);
        footer.End();
    }

    private static void WriteGroup(ThriftWriter footer, ImmutableArray<ColumnBuffer> columns, WrittenRowGroup group)
    {
        footer.BeginElement();
        footer.Structures(1, columns.Length);
        foreach (var (column, chunk) in columns.Zip(group.Chunks))
        {
            WriteChunk(footer, column, chunk, group.Rows);
        }

        footer.Field(2, group.Chunks.Sum(chunk => chunk.Bytes));
        footer.Field(3, (long)group.Rows);
        footer.Field(5, group.Chunks[0].Offset);
        footer.Field(6, group.Chunks.Sum(chunk => chunk.CompressedBytes));
        footer.End();
    }

    private static void WriteChunk(ThriftWriter footer, ColumnBuffer column, WrittenChunk chunk, int rows)
    {
        footer.BeginElement();
        footer.Field(2, chunk.Offset);
        footer.Begin(3);
        footer.Field(1, (int)column.Physical);
        footer.Integers(2, [.. Encodings(chunk).Select(encoding => (int)encoding)]);
        footer.Texts(3, column.Name);
        footer.Field(4, (int)chunk.Codec);
        footer.Field(5, (long)rows);
        footer.Field(6, chunk.Bytes);
        footer.Field(7, chunk.CompressedBytes);
        footer.Field(9, chunk.Offset + chunk.DictionaryBytes);
        if (chunk.DictionaryBytes > 0)
        {
            footer.Field(11, chunk.Offset);
        }

        footer.Begin(12);
        footer.Field(3, chunk.Nulls);
        if (chunk.Bounds is { } bounds)
        {
            footer.Field(5, bounds.Greatest.Span);
            footer.Field(6, bounds.Least.Span);
        }

        footer.End();
        footer.End();
        footer.End();
    }

    /// <summary>That of values, of levels, and of a dictionary.</summary>
    private static ParquetEncoding[] Encodings(WrittenChunk chunk) => chunk.DictionaryBytes > 0
        ? [chunk.Encoding, ParquetEncoding.RunLength, ParquetEncoding.Plain]
        : [chunk.Encoding, ParquetEncoding.RunLength];
}
