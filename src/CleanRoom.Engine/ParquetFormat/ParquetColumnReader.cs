using System.Buffers.Binary;

namespace CleanRoom.Engine.ParquetFormat;

/// <summary>Reads one ColumnChunk structure of parquet.thrift.</summary>
internal ref struct ParquetColumnReader
{
    private const int Int32Type = 1;
    private const int Int64Type = 2;

    private string? _column;
    private long _type;
    private long? _least;
    private long? _greatest;
    private long _pagesStart;
    private long _pagesLength;
    private long? _bloomOffset;
    private long? _bloomLength;
    private long _offsetIndexOffset;
    private long _offsetIndexLength;
    private long _columnIndexOffset;
    private long _columnIndexLength;
    private bool _isForeign;

    /// <summary>Reads a chunk.</summary>
    /// <param name="reader">Stands at the structure.</param>
    /// <param name="dataEnd">No byte of the chunk lies at or after this offset.</param>
    /// <returns>Null when it is malformed, encrypted, in another file, or not wholly inside this one.</returns>
    public static ParquetColumnChunk? Read(ref ThriftCompactReader reader, long dataEnd)
    {
        var chunk = new ParquetColumnReader { _pagesStart = long.MaxValue };
        chunk.ReadChunk(ref reader);
        return reader.HasFailed || chunk._isForeign ? null : chunk.Build(dataEnd);
    }

    private void ReadChunk(ref ThriftCompactReader reader)
    {
        var field = 0;
        while (reader.TryReadField(ref field, out var type))
        {
            switch (field, type)
            {
                case (3, ThriftType.Structure):
                    ReadMetaData(ref reader);
                    break;
                case (4, ThriftType.I64):
                    _offsetIndexOffset = reader.ReadInteger();
                    break;
                case (5, ThriftType.I32):
                    _offsetIndexLength = reader.ReadInteger();
                    break;
                case (6, ThriftType.I64):
                    _columnIndexOffset = reader.ReadInteger();
                    break;
                case (7, ThriftType.I32):
                    _columnIndexLength = reader.ReadInteger();
                    break;
                case (1 or 8 or 9, _):
                    // file_path, crypto_metadata, encrypted_column_metadata: not in a file of the room.
                    _isForeign = true;
                    reader.Skip(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }

    private void ReadMetaData(ref ThriftCompactReader reader)
    {
        var field = 0;
        while (reader.TryReadField(ref field, out var type))
        {
            switch (field, type)
            {
                case (1, ThriftType.I32):
                    _type = reader.ReadInteger();
                    break;
                case (3, ThriftType.List):
                    ReadPath(ref reader);
                    break;
                case (12, ThriftType.Structure):
                    ReadStatistics(ref reader);
                    break;
                case (7, ThriftType.I64):
                    _pagesLength = reader.ReadInteger();
                    break;
                case (9 or 10 or 11, ThriftType.I64):
                    // Data, index and dictionary page; some writers say 0 for "none".
                    var start = reader.ReadInteger();
                    _pagesStart = start >= ParquetFooter.MagicBytes ? Math.Min(_pagesStart, start) : _pagesStart;
                    break;
                case (14, ThriftType.I64):
                    _bloomOffset = reader.ReadInteger();
                    break;
                case (15, ThriftType.I32):
                    _bloomLength = reader.ReadInteger();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }

    // The type of the column comes before its statistics: fields of a structure are in the order of their numbers.
    private void ReadStatistics(ref ThriftCompactReader reader)
    {
        var field = 0;
        while (reader.TryReadField(ref field, out var type))
        {
            switch (field, type)
            {
                case (5, ThriftType.Binary):
                    _greatest = Number(reader.ReadBinary());
                    break;
                case (6, ThriftType.Binary):
                    _least = Number(reader.ReadBinary());
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }

    private readonly long? Number(ReadOnlySpan<byte> plain) => (_type, plain.Length) switch
    {
        (Int32Type, sizeof(int)) => BinaryPrimitives.ReadInt32LittleEndian(plain),
        (Int64Type, sizeof(long)) => BinaryPrimitives.ReadInt64LittleEndian(plain),
        _ => null,
    };

    private void ReadPath(ref ThriftCompactReader reader)
    {
        var count = reader.ReadList(out var elementType);
        for (var i = 0; i < count && !reader.HasFailed; i++)
        {
            if (i == 0 && elementType == ThriftType.Binary)
            {
                _column = reader.ReadString();
            }
            else
            {
                reader.Skip(elementType);
            }
        }
    }

    private readonly ParquetColumnChunk? Build(long dataEnd)
    {
        var pages = new ByteRange(_pagesStart, _pagesLength);
        List<ByteRange> indexes = [];
        if (_offsetIndexLength != 0)
        {
            indexes.Add(new ByteRange(_offsetIndexOffset, _offsetIndexLength));
        }

        if (_columnIndexLength != 0)
        {
            indexes.Add(new ByteRange(_columnIndexOffset, _columnIndexLength));
        }

        var isBloomInside = _bloomOffset is not { } offset || IsInside(new ByteRange(offset, _bloomLength ?? 1), dataEnd);
        return _column is not null && IsInside(pages, dataEnd) && indexes.TrueForAll(range => IsInside(range, dataEnd)) && isBloomInside
            ? new ParquetColumnChunk
            {
                Column = _column,
                Pages = pages,
                Bounds = _least is { } least && _greatest is { } greatest ? (least, greatest) : null,
                Indexes = indexes,
                BloomFilterOffset = _bloomOffset,
                BloomFilterLength = _bloomLength,
            }
            : null;
    }

    private static bool IsInside(ByteRange range, long dataEnd) =>
        range.Offset >= ParquetFooter.MagicBytes && range.Length > 0 && range.Offset < dataEnd && range.Length <= dataEnd - range.Offset;
}
