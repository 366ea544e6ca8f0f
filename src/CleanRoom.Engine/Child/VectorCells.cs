using System.Globalization;
using System.Runtime.CompilerServices;
using CleanRoom.Engine.Results;
using DuckDB.NET.Native;

namespace CleanRoom.Engine.Child;

/// <summary>Copies the vectors of one result column into its encoded cells.</summary>
internal sealed unsafe class VectorCells
{
    private const int BitsPerWord = 64;
    private const int StringBytes = 16;
    private const int MaxInlineBytes = 12;
    private const int PointerOffset = 8;

    private readonly RowColumnWriter _writer;
    private readonly DuckDBType _storage;

    private VectorCells(RowColumnWriter writer, DuckDBType storage) => (_writer, _storage) = (writer, storage);

    /// <summary>Adds the column to the rows.</summary>
    /// <returns>Null for a type that has no exact form: nested (but for UINTEGER[]), enumerated, interval, time, UHUGEINT and the like.</returns>
    public static VectorCells? Create(RowWriter writer, string name, DuckDBLogicalType type)
    {
        var id = NativeMethods.LogicalType.DuckDBGetTypeId(type);
        if (id == DuckDBType.List)
        {
            using var child = NativeMethods.LogicalType.DuckDBListTypeChildType(type);
            return NativeMethods.LogicalType.DuckDBGetTypeId(child) == DuckDBType.UnsignedInteger
                ? new VectorCells(writer.AddColumn(name, RowCell.Numbers, scale: 0), id)
                : null;
        }

        if (id != DuckDBType.Decimal)
        {
            var cell = CellOf(id);
            return cell == RowCell.None ? null : new VectorCells(writer.AddColumn(name, cell, scale: 0), id);
        }

        int scale = NativeMethods.LogicalType.DuckDBDecimalScale(type);
        var column = writer.AddColumn(name, scale == 0 ? RowCell.BigInteger : RowCell.ScaledDecimal, scale);
        return new VectorCells(column, NativeMethods.LogicalType.DuckDBDecimalInternalType(type));
    }

    /// <summary>Writes the values of a flat vector.</summary>
    /// <param name="vector">The vector, for what lies beside its data.</param>
    /// <param name="data">As many values as rows, in DuckDB's layout of the type.</param>
    /// <param name="validity">One bit a row, 1 for a value; null when all are there.</param>
    /// <param name="rows">Number of rows.</param>
    /// <returns>False for a day or a moment that the format does not hold, such as infinity, and for a list that does not ascend or has a gap.</returns>
    public bool TryWrite(IntPtr vector, byte* data, ulong* validity, int rows)
    {
        var (items, end, gaps) = _storage == DuckDBType.List ? Items(vector) : default;
        for (var row = 0; row < rows; row++)
        {
            if (validity is not null && ((validity[row / BitsPerWord] >> (row % BitsPerWord)) & 1) == 0)
            {
                _writer.WriteAbsent();
            }
            else if (_storage == DuckDBType.List)
            {
                var (offset, length) = (((ulong*)data)[2L * row], ((ulong*)data)[(2L * row) + 1]);
                if (gaps || offset > end || length > end - offset || !_writer.TryWrite(new ReadOnlySpan<uint>((uint*)items + offset, checked((int)length))))
                {
                    return false;
                }
            }
            else if (!TryWriteValue(data, row))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What the entries of a vector of lists point into: the numbers, how many, and whether one is absent.</summary>
    private static (IntPtr Items, ulong End, bool HasGaps) Items(IntPtr vector)
    {
        var child = NativeMethods.Vectors.DuckDBListVectorGetChild(vector);
        var end = (ulong)NativeMethods.Vectors.DuckDBListVectorGetSize(vector);
        var validity = NativeMethods.Vectors.DuckDBVectorGetValidity(child);
        var hasGaps = false;
        for (ulong i = 0; validity is not null && i < end; i++)
        {
            hasGaps |= ((validity[i / BitsPerWord] >> (int)(i % BitsPerWord)) & 1) == 0;
        }

        return ((IntPtr)NativeMethods.Vectors.DuckDBVectorGetData(child), end, hasGaps);
    }

    private static RowCell CellOf(DuckDBType type) => type switch
    {
        DuckDBType.Boolean => RowCell.Boolean,
        DuckDBType.TinyInt or DuckDBType.SmallInt or DuckDBType.Integer or DuckDBType.BigInt => RowCell.WholeNumber,
        DuckDBType.UnsignedTinyInt or DuckDBType.UnsignedSmallInt or DuckDBType.UnsignedInteger => RowCell.WholeNumber,
        DuckDBType.UnsignedBigInt or DuckDBType.HugeInt => RowCell.BigInteger,
        DuckDBType.Float or DuckDBType.Double => RowCell.FloatingPoint,
        DuckDBType.Varchar or DuckDBType.Uuid => RowCell.Text,
        DuckDBType.Blob => RowCell.Binary,
        DuckDBType.Date => RowCell.Date,
        DuckDBType.Timestamp => RowCell.Timestamp,
        DuckDBType.TimestampTz => RowCell.UtcTimestamp,
        _ => RowCell.None,
    };

    private bool TryWriteValue(byte* data, int row)
    {
        switch (_storage)
        {
            case DuckDBType.Boolean:
                _writer.Write(data[row] != 0);
                return true;
            case DuckDBType.Float:
                _writer.Write((double)((float*)data)[row]);
                return true;
            case DuckDBType.Double:
                _writer.Write(((double*)data)[row]);
                return true;
            case DuckDBType.Varchar or DuckDBType.Blob:
                WriteString(data + ((long)row * StringBytes));
                return true;
            case DuckDBType.Uuid:
                WriteUuid(Wide(data, row));
                return true;
            case DuckDBType.Date:
                return TryWriteDay(((int*)data)[row]);
            case DuckDBType.Timestamp or DuckDBType.TimestampTz:
                return TryWriteMoment(((long*)data)[row]);
            default:
                WriteNumber(Number(data, row));
                return true;
        }
    }

    private Int128 Number(byte* data, int row) => _storage switch
    {
        DuckDBType.TinyInt => ((sbyte*)data)[row],
        DuckDBType.SmallInt => ((short*)data)[row],
        DuckDBType.Integer => ((int*)data)[row],
        DuckDBType.BigInt => ((long*)data)[row],
        DuckDBType.UnsignedTinyInt => data[row],
        DuckDBType.UnsignedSmallInt => ((ushort*)data)[row],
        DuckDBType.UnsignedInteger => ((uint*)data)[row],
        DuckDBType.UnsignedBigInt => ((ulong*)data)[row],
        DuckDBType.HugeInt => Wide(data, row),
        _ => throw new InvalidOperationException($"wanted a number; got {_storage}"),
    };

    private void WriteNumber(Int128 value)
    {
        if (_writer.Cell == RowCell.WholeNumber)
        {
            _writer.Write((long)value);
        }
        else
        {
            _writer.Write(value);
        }
    }

    // Low word first, as duckdb_hugeint; not aligned as an Int128 is.
    private static Int128 Wide(byte* data, int row)
    {
        var words = (ulong*)data + (2L * row);
        return new Int128(words[1], words[0]);
    }

    // duckdb_string_t: a length, then up to 12 bytes, or 4 of them and a pointer.
    private void WriteString(byte* value)
    {
        var length = checked((int)Unsafe.ReadUnaligned<uint>(value));
        var start = length <= MaxInlineBytes ? value + sizeof(uint) : *(byte**)(value + PointerOffset);
        _writer.Write(new ReadOnlySpan<byte>(start, length));
    }

    private void WriteUuid(Int128 stored)
    {
        // DuckDB flips the first bit so that the order of the numbers is that of the texts.
        var digits = ((UInt128)stored ^ (UInt128.One << 127)).ToString("x32", CultureInfo.InvariantCulture);
        Span<byte> text = stackalloc byte[36];
        var at = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            if (i is 8 or 12 or 16 or 20)
            {
                text[at++] = (byte)'-';
            }

            text[at++] = (byte)digits[i];
        }

        _writer.Write(text);
    }

    private bool TryWriteDay(int days)
    {
        var isInside = days is >= RowFormat.FirstDay and <= RowFormat.LastDay;
        if (isInside)
        {
            _writer.Write(days);
        }

        return isInside;
    }

    private bool TryWriteMoment(long microseconds)
    {
        var isInside = microseconds is >= RowFormat.FirstMicrosecond and <= RowFormat.LastMicrosecond;
        if (isInside)
        {
            _writer.Write(microseconds);
        }

        return isInside;
    }
}
