using System.Buffers;
using System.Buffers.Binary;
using CleanRoom.Datasets.Source.ParquetFormat;
using ZstdSharp;

namespace CleanRoom.Datasets.Conversion.Encodings;

/// <summary>For whom a file is written.</summary>
internal enum FileReader
{
    None = 0,

    /// <summary>The room's own engine: in the encodings that it reads fastest.</summary>
    Engine = 1,

    /// <summary>Whatever program a member has: plain values, compressed with zstd.</summary>
    Anybody = 2,
}

/// <summary>Makes a column chunk. Not safe for concurrent calls; there may be many, and it does not matter which makes a chunk.</summary>
/// <remarks>Spec: contracts/spec/0007 s.10.</remarks>
/// <param name="reader">For whom.</param>
internal sealed class ColumnEncoder(FileReader reader) : IDisposable
{
    /// <summary>The level of the zstd library's own default.</summary>
    private const int CompressionLevel = 3;

    // Of a header with four numbers of at most five bytes, and of a dictionary's.
    private const int MostHeaderBytes = 64;

    private readonly Compressor _zstd = new(CompressionLevel);
    private readonly TextDictionary _dictionary = new();
    private byte[] _page = [];

    /// <summary>Encodes a column.</summary>
    /// <param name="column">The values of all rows.</param>
    /// <param name="rows">The number of rows, at least 1.</param>
    /// <param name="bodies">Gives the memory of the chunk; whoever wrote it gives it back.</param>
    public EncodedChunk Encode(ColumnBuffer column, int rows, ArrayPool<byte> bodies)
    {
        var encoding = Choose(column);
        var page = PageOf(column, ref encoding);
        var codec = reader == FileReader.Anybody || (column.Physical == ParquetPhysical.ByteArray && encoding == ParquetEncoding.Plain)
            ? ParquetCodec.Zstd
            : ParquetCodec.None;
        var hasDictionary = encoding == ParquetEncoding.RunLengthDictionary;
        var body = bodies.Rent((2 * MostHeaderBytes) + (hasDictionary ? _dictionary.Bytes : 0) + Compressor.GetCompressBound(page.Length));
        var dictionaryBytes = hasDictionary ? WriteDictionary(column.Values, body) : 0;
        var at = dictionaryBytes;

        // Behind the longest header, and moved up to the one that it gets.
        var stored = body.AsSpan(at + MostHeaderBytes);
        var storedBytes = page.Length;
        if (codec == ParquetCodec.Zstd)
        {
            storedBytes = _zstd.Wrap(page, stored);
        }
        else
        {
            page.CopyTo(stored);
        }

        var header = PageHeaders.OfData(page.Length, storedBytes, rows, encoding);
        header.CopyTo(body.AsSpan(at));
        at += header.Length;
        stored[..storedBytes].CopyTo(body.AsSpan(at));
        return new EncodedChunk
        {
            Body = body,
            BodyBytes = at + storedBytes,
            PlainBytes = at + page.Length,
            DictionaryBytes = dictionaryBytes,
            Encoding = encoding,
            Codec = codec,
            Nulls = column.Nulls,
            Bounds = ColumnBounds.Of(column),
        };
    }

    /// <summary>Zeroes what it holds.</summary>
    public void Dispose()
    {
        _zstd.Dispose();
        _dictionary.Clear();
        Array.Clear(_page);
    }

    private ParquetEncoding Choose(ColumnBuffer column) => column.Physical switch
    {
        _ when reader == FileReader.Anybody => ParquetEncoding.Plain,
        ParquetPhysical.Int32 or ParquetPhysical.Int64 => ParquetEncoding.DeltaBinaryPacked,
        ParquetPhysical.ByteArray when _dictionary.TryRead(column.Values) => ParquetEncoding.RunLengthDictionary,
        _ => ParquetEncoding.Plain,
    };

    /// <summary>Returns levels, then values; plain ones where differences take more bytes.</summary>
    private ReadOnlySpan<byte> PageOf(ColumnBuffer column, ref ParquetEncoding encoding)
    {
        var values = column.Values;
        var valueBytes = encoding switch
        {
            ParquetEncoding.DeltaBinaryPacked => DeltaWriter.MostBytes(values.Length / column.Width),
            ParquetEncoding.RunLengthDictionary => 1 + HybridWriter.MostBytes(_dictionary.Indexes.Length, HybridWriter.BitsOf(_dictionary.Count - 1)),
            _ => values.Length,
        };
        var levelBytes = column.IsNullable ? sizeof(int) + HybridWriter.MostBytes(column.Levels.Length, bits: 1) : 0;
        Reserve(levelBytes + Math.Max(values.Length, valueBytes));
        var at = column.IsNullable ? WriteLevels(column.Levels) : 0;
        var output = _page.AsSpan(at);
        switch (encoding)
        {
            case ParquetEncoding.DeltaBinaryPacked when DeltaWriter.Write(values, column.Width, output) is var length && length < values.Length:
                at += length;
                break;
            case ParquetEncoding.RunLengthDictionary:
                var bits = HybridWriter.BitsOf(_dictionary.Count - 1);
                output[0] = (byte)bits;
                at += 1 + HybridWriter.Write(_dictionary.Indexes, bits, output[1..]);
                break;
            default:
                encoding = ParquetEncoding.Plain;
                at += WritePlain(column, output);
                break;
        }

        return _page.AsSpan(0, at);
    }

    private int WriteLevels(ReadOnlySpan<byte> levels)
    {
        var bytes = HybridWriter.WriteLevels(levels, _page.AsSpan(sizeof(int)));
        BinaryPrimitives.WriteInt32LittleEndian(_page, bytes);
        return sizeof(int) + bytes;
    }

    private static int WritePlain(ColumnBuffer column, Span<byte> output)
    {
        if (column.Physical != ParquetPhysical.Boolean)
        {
            column.Values.CopyTo(output);
            return column.Values.Length;
        }

        var bytes = BooleanBits.Bytes(column.Values.Length);
        BooleanBits.Pack(column.Values, output[..bytes]);
        return bytes;
    }

    private int WriteDictionary(ReadOnlySpan<byte> values, Span<byte> body)
    {
        var header = PageHeaders.OfDictionary(_dictionary.Bytes, _dictionary.Count);
        header.CopyTo(body);
        _dictionary.Write(values, body[header.Length..]);
        return header.Length + _dictionary.Bytes;
    }

    private void Reserve(int length)
    {
        if (_page.Length < length)
        {
            Array.Clear(_page);
            _page = new byte[Math.Max(length, 2 * _page.Length)];
        }
    }
}
