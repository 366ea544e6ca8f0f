using System.Buffers;
using System.Buffers.Binary;
using CleanRoom.Datasets.Source.ParquetFormat;
using ZstdSharp;

namespace CleanRoom.Datasets.Conversion;

/// <summary>Makes the one page of a column chunk. Not safe for concurrent calls; there may be many, and it does not matter which makes a page.</summary>
internal sealed class ColumnEncoder : IDisposable
{
    /// <summary>The level of the zstd library's own default.</summary>
    private const int CompressionLevel = 3;

    private readonly Compressor _zstd = new(CompressionLevel);
    private byte[] _page = [];

    /// <summary>Encodes a column.</summary>
    /// <param name="column">The values of all rows.</param>
    /// <param name="rows">The number of rows, at least 1.</param>
    /// <param name="bodies">Gives the memory of the compressed page; whoever wrote it gives it back.</param>
    public EncodedChunk Encode(ColumnBuffer column, int rows, ArrayPool<byte> bodies)
    {
        var page = PageOf(column);
        var body = bodies.Rent(Compressor.GetCompressBound(page.Length));
        var length = _zstd.Wrap(page, body);
        return new EncodedChunk
        {
            Header = Header(page.Length, length, rows),
            Body = body,
            BodyBytes = length,
            PageBytes = page.Length,
            Nulls = column.Nulls,
            Bounds = ColumnBounds.Of(column),
        };
    }

    /// <summary>Zeroes the page.</summary>
    public void Dispose()
    {
        _zstd.Dispose();
        Array.Clear(_page);
    }

    /// <summary>Returns levels, then values in the plain encoding.</summary>
    private ReadOnlySpan<byte> PageOf(ColumnBuffer column)
    {
        var isBoolean = column.Physical == ParquetPhysical.Boolean;
        var values = column.Values;
        if (!column.IsNullable && !isBoolean)
        {
            return values;
        }

        Span<byte> head = stackalloc byte[16];
        var levels = column.Levels;
        var (headBytes, isEqual) = column.IsNullable ? RunHead(levels, head) : (0, true);
        var levelBytes = isEqual ? 0 : PackedBytes(levels.Length);
        var valueBytes = isBoolean ? PackedBytes(values.Length) : values.Length;
        var length = headBytes + levelBytes + valueBytes;
        if (_page.Length < length)
        {
            Array.Clear(_page);
            _page = new byte[Math.Max(length, 2 * _page.Length)];
        }

        var page = _page.AsSpan(0, length);
        head[..headBytes].CopyTo(page);
        if (!isEqual)
        {
            Pack(levels, page.Slice(headBytes, levelBytes));
        }

        if (isBoolean)
        {
            Pack(values, page[(headBytes + levelBytes)..]);
        }
        else
        {
            values.CopyTo(page[(headBytes + levelBytes)..]);
        }

        return page;
    }

    /// <summary>Begins the levels as one run: of equal ones, or of packed ones, which follow. Spec: parquet Encodings, RLE / bit-packing hybrid.</summary>
    private static (int Bytes, bool IsEqual) RunHead(ReadOnlySpan<byte> levels, Span<byte> head)
    {
        var isEqual = !levels.ContainsAnyExcept(levels[0]);
        var at = sizeof(int);
        for (var rest = isEqual ? (uint)levels.Length << 1 : ((uint)PackedBytes(levels.Length) << 1) | 1; ; rest >>= 7)
        {
            head[at++] = (byte)(rest >= 0x80 ? rest | 0x80 : rest);
            if (rest < 0x80)
            {
                break;
            }
        }

        if (isEqual)
        {
            head[at++] = levels[0];
        }

        BinaryPrimitives.WriteInt32LittleEndian(head, at - sizeof(int) + (isEqual ? 0 : PackedBytes(levels.Length)));
        return (at, isEqual);
    }

    private static int PackedBytes(int bits) => (bits + 7) / 8;

    /// <summary>Packs bytes of 0 and 1, the first into the lowest bit.</summary>
    private static void Pack(ReadOnlySpan<byte> bits, Span<byte> packed)
    {
        // Byte i of eight is shifted to bit 56 + i, and no two other products meet.
        const ulong Gather = 0x0102_0408_1020_4080;
        var whole = bits.Length / 8;
        for (var i = 0; i < whole; i++)
        {
            packed[i] = (byte)((BinaryPrimitives.ReadUInt64LittleEndian(bits[(8 * i)..]) * Gather) >> 56);
        }

        if (whole < packed.Length)
        {
            packed[whole] = 0;
            for (var i = 8 * whole; i < bits.Length; i++)
            {
                packed[whole] |= (byte)(bits[i] << (i & 7));
            }
        }
    }

    private static ReadOnlyMemory<byte> Header(int pageBytes, int bodyBytes, int rows)
    {
        // Spec: parquet.thrift, PageHeader and DataPageHeader.
        var header = new ThriftWriter();
        header.Field(1, (int)ParquetPageKind.Data);
        header.Field(2, pageBytes);
        header.Field(3, bodyBytes);
        header.Begin(5);
        header.Field(1, rows);
        header.Field(2, (int)ParquetEncoding.Plain);
        header.Field(3, (int)ParquetEncoding.RunLength);
        header.Field(4, (int)ParquetEncoding.RunLength);
        header.End();
        header.End();
        return header.Written;
    }
}
