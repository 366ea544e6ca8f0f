using System.Buffers.Binary;

namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>The values of one page that are not NULL, one after the other.</summary>
/// <remarks>
/// Whatever the encoding, a value has the bytes of the plain encoding: numbers little-endian, a boolean as one byte, a
/// byte string without its length.
/// </remarks>
internal abstract class ParquetValues
{
    /// <summary>The bit width of a dictionary index is at most this.</summary>
    private const int WidestIndex = 32;

    /// <summary>Returns the next value; false if the page holds no more, or breaks off.</summary>
    public abstract bool TryNext(out ReadOnlySpan<byte> value);

    /// <summary>Opens the values of a page.</summary>
    /// <param name="column">The column.</param>
    /// <param name="encoding">The page's encoding.</param>
    /// <param name="bytes">The decompressed values. Trust: collaborator-controlled.</param>
    /// <param name="count">The number of values that are not NULL.</param>
    /// <param name="dictionary">The dictionary of the chunk; null without one.</param>
    /// <returns>Null if the bytes are not of the encoding, or the encoding is not for the column's type.</returns>
    public static ParquetValues? Open(
        ParquetColumn column, ParquetEncoding encoding, ReadOnlyMemory<byte> bytes, int count, ParquetDictionary? dictionary)
    {
        if (count == 0)
        {
            // A page of NULLs alone may be empty whatever its encoding.
            return new PlainValues(ReadOnlyMemory<byte>.Empty, width: 1);
        }

        switch (encoding)
        {
            case ParquetEncoding.Plain:
                return column.Physical == ParquetPhysical.Boolean ? Booleans(bytes, count) : new PlainValues(bytes, column.Width);
            case ParquetEncoding.PlainDictionary or ParquetEncoding.RunLengthDictionary:
                return dictionary is null || bytes.IsEmpty || bytes.Span[0] > WidestIndex
                    ? null
                    : new IndexedValues(dictionary, new HybridReader(bytes[1..], bytes.Span[0]));
            case ParquetEncoding.RunLength:
                return column.Physical == ParquetPhysical.Boolean ? RunLengthBooleans(bytes, count) : null;
            case ParquetEncoding.DeltaBinaryPacked:
                return column.Physical is ParquetPhysical.Int32 or ParquetPhysical.Int64 ? Deltas(bytes, column.Width, count) : null;
            case ParquetEncoding.DeltaLengthByteArray:
                return column.Physical == ParquetPhysical.ByteArray ? DeltaLengthValues.Open(bytes, count) : null;
            case ParquetEncoding.ByteStreamSplit:
                return column.Width > 0 && column.Physical != ParquetPhysical.Boolean ? Split(bytes.Span, column.Width, count) : null;
            default:
                return null;
        }
    }

    private static PlainValues? Booleans(ReadOnlyMemory<byte> bytes, int count)
    {
        if (bytes.Length < (count + 7) / 8)
        {
            return null;
        }

        var plain = new byte[count];
        for (var i = 0; i < count; i++)
        {
            plain[i] = (byte)((bytes.Span[i >> 3] >> (i & 7)) & 1);
        }

        return new PlainValues(plain, width: 1);
    }

    private static PlainValues? RunLengthBooleans(ReadOnlyMemory<byte> bytes, int count)
    {
        var plain = new byte[count];
        return ParquetLevels.TryTake(ref bytes, out var runs) && ParquetLevels.TryRead(runs, plain) ? new PlainValues(plain, width: 1) : null;
    }

    private static PlainValues? Deltas(ReadOnlyMemory<byte> bytes, int width, int count)
    {
        var numbers = new long[count];
        if (!DeltaReader.TryRead(bytes.Span, numbers, out _))
        {
            return null;
        }

        var plain = new byte[count * (long)width];
        for (var i = 0; i < count; i++)
        {
            // 32-bit sums wrap at 32 bits.
            var place = plain.AsSpan(i * width, width);
            if (width == sizeof(int))
            {
                BinaryPrimitives.WriteInt32LittleEndian(place, unchecked((int)numbers[i]));
            }
            else
            {
                BinaryPrimitives.WriteInt64LittleEndian(place, numbers[i]);
            }
        }

        return new PlainValues(plain, width);
    }

    private static PlainValues? Split(ReadOnlySpan<byte> bytes, int width, int count)
    {
        if (bytes.Length != count * (long)width)
        {
            return null;
        }

        var plain = new byte[bytes.Length];
        for (var i = 0; i < count; i++)
        {
            for (var part = 0; part < width; part++)
            {
                plain[(i * width) + part] = bytes[(part * count) + i];
            }
        }

        return new PlainValues(plain, width);
    }
}
