using System.Buffers.Binary;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Conversion;

/// <summary>The least and the greatest value of a column chunk, in the order that Parquet defines for its type.</summary>
/// <remarks>
/// Readers pass over row groups by these bounds: wrong ones lose rows without an error. So text is ordered by its UTF-8
/// bytes, a text too long to keep leaves the chunk without bounds, and types whose order readers disagree on have none.
/// </remarks>
internal static class ColumnBounds
{
    /// <summary>The longest text that is kept as a bound, in bytes. Spec: contracts/spec/0007 s.10.</summary>
    public const int LongestText = 256;

    /// <summary>Returns the bounds in the plain encoding, text without its length; null if there are none.</summary>
    public static WrittenBounds? Of(ColumnBuffer column) => column.Values.IsEmpty ? null : column.Type switch
    {
        ColumnType.Int32 or ColumnType.Date => OfInt32(column.Values),
        ColumnType.Int64 or ColumnType.Decimal or ColumnType.Timestamp => OfInt64(column.Values),
        ColumnType.String => OfText(column.Values),
        _ => null,
    };

    private static WrittenBounds OfInt32(ReadOnlySpan<byte> values)
    {
        var (least, greatest) = (int.MaxValue, int.MinValue);
        for (; !values.IsEmpty; values = values[sizeof(int)..])
        {
            var value = BinaryPrimitives.ReadInt32LittleEndian(values);
            (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        }

        var (first, last) = (new byte[sizeof(int)], new byte[sizeof(int)]);
        BinaryPrimitives.WriteInt32LittleEndian(first, least);
        BinaryPrimitives.WriteInt32LittleEndian(last, greatest);
        return new WrittenBounds(first, last);
    }

    private static WrittenBounds OfInt64(ReadOnlySpan<byte> values)
    {
        var (least, greatest) = (long.MaxValue, long.MinValue);
        for (; !values.IsEmpty; values = values[sizeof(long)..])
        {
            var value = BinaryPrimitives.ReadInt64LittleEndian(values);
            (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        }

        var (first, last) = (new byte[sizeof(long)], new byte[sizeof(long)]);
        BinaryPrimitives.WriteInt64LittleEndian(first, least);
        BinaryPrimitives.WriteInt64LittleEndian(last, greatest);
        return new WrittenBounds(first, last);
    }

    private static WrittenBounds? OfText(ReadOnlySpan<byte> values)
    {
        ReadOnlySpan<byte> least = [], greatest = [];
        for (var isFirst = true; !values.IsEmpty; isFirst = false)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(values);
            if (length > LongestText)
            {
                return null;
            }

            var text = values.Slice(sizeof(int), length);
            values = values[(sizeof(int) + length)..];
            if (isFirst)
            {
                least = text;
                greatest = text;
            }
            else if (text.SequenceCompareTo(least) < 0)
            {
                least = text;
            }
            else if (text.SequenceCompareTo(greatest) > 0)
            {
                greatest = text;
            }
        }

        return new WrittenBounds(least.ToArray(), greatest.ToArray());
    }
}
