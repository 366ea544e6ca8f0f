using System.Buffers.Binary;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Source.ParquetFormat;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Conversion;

/// <summary>The values of one column of some rows, in the plain encoding. Spec: contracts/spec/0007 s.10, table of physical types.</summary>
/// <remarks>Booleans have a byte each until they are a page, and so has the level of every row of a nullable column.</remarks>
internal sealed class ColumnBuffer
{
    /// <summary>The bytes of a token.</summary>
    public const int TokenBytes = 32;

    private const int FewestBytes = 256;

    private readonly IIdentifierRekeyer? _rekeyer;
    private readonly string? _rekeyed;
    private readonly int _width;
    private byte[] _values = [];
    private byte[] _levels = [];
    private int _valueBytes;
    private int _levelBytes;

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="rule">The column's rule.</param>
    /// <param name="rekeyer">Makes tokens of its values if it is a column of identifiers.</param>
    public ColumnBuffer(ColumnRule rule, IIdentifierRekeyer rekeyer)
        : this(rule.Name, IsRekeyed(rule, rekeyer) ? ColumnType.Sha256 : rule.Type, rule.Scale, rule.IsNullable) =>
        (_rekeyer, _rekeyed) = (rekeyer, IsRekeyed(rule, rekeyer) ? rule.Profile : null);

    /// <summary>Makes an empty buffer for values as they are stored.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="type">The type that is stored.</param>
    /// <param name="scale">The digits after the point of a decimal.</param>
    /// <param name="isNullable">Whether it may hold NULL.</param>
    public ColumnBuffer(string name, ColumnType type, int scale, bool isNullable)
    {
        (Name, Type, Scale, IsNullable) = (name, type, scale, isNullable);
        Physical = Type switch
        {
            ColumnType.Boolean => ParquetPhysical.Boolean,
            ColumnType.Int32 or ColumnType.Date => ParquetPhysical.Int32,
            ColumnType.Int64 or ColumnType.Decimal or ColumnType.Timestamp => ParquetPhysical.Int64,
            ColumnType.Uuid or ColumnType.Sha256 => ParquetPhysical.FixedLength,
            _ => ParquetPhysical.ByteArray,
        };
        _width = Physical switch
        {
            ParquetPhysical.Boolean => 1,
            ParquetPhysical.Int32 => sizeof(int),
            ParquetPhysical.Int64 => sizeof(long),
            ParquetPhysical.FixedLength => FixedBytes,
            _ => 0,
        };
    }

    /// <summary>Gets the column's name.</summary>
    public string Name { get; }

    /// <summary>Gets the type that is stored: that of the contract, and of tokens a digest.</summary>
    public ColumnType Type { get; }

    /// <summary>Gets the digits after the point of a decimal.</summary>
    public int Scale { get; }

    /// <summary>Gets a value that says whether the column may hold NULL.</summary>
    public bool IsNullable { get; }

    /// <summary>Gets the physical type.</summary>
    public ParquetPhysical Physical { get; }

    /// <summary>Gets the bytes of a value of fixed length; 0 for other types.</summary>
    public int FixedBytes => Type switch
    {
        ColumnType.Uuid => 16,
        ColumnType.Sha256 => 32,
        _ => 0,
    };

    /// <summary>Gets the bytes of a value as it is held, 1 for a boolean; 0 for texts.</summary>
    public int Width => _width;

    /// <summary>Gets the number of NULLs held.</summary>
    public long Nulls { get; private set; }

    /// <summary>Gets the values that are not NULL, one behind the other.</summary>
    public ReadOnlySpan<byte> Values => _values.AsSpan(0, _valueBytes);

    /// <summary>Gets 1 for each row with a value and 0 for NULL; empty if there is none of it.</summary>
    public ReadOnlySpan<byte> Levels => _levels.AsSpan(0, _levelBytes);

    /// <summary>Copies a cell.</summary>
    /// <returns>The bytes that it takes.</returns>
    public int Add(in CheckedCell cell)
    {
        var before = _valueBytes;
        if (IsNullable)
        {
            AddLevel(cell.IsNull ? (byte)0 : (byte)1);
        }

        if (!cell.IsNull)
        {
            AddValue(cell);
        }

        return _valueBytes - before + (IsNullable ? 1 : 0);
    }

    /// <summary>Copies numbers.</summary>
    /// <param name="numbers">The values; of no meaning for NULL.</param>
    /// <param name="levels">1 for a value, 0 for NULL.</param>
    /// <param name="rowBytes">Is added the bytes that each takes.</param>
    public void AddNumbers(ReadOnlySpan<long> numbers, ReadOnlySpan<byte> levels, Span<int> rowBytes)
    {
        if (IsNullable)
        {
            levels.CopyTo(Reserve(ref _levels, _levelBytes, levels.Length));
            _levelBytes += levels.Length;
        }

        var taken = Reserve(ref _values, _valueBytes, _width * numbers.Length);
        var (at, levelBytes) = (0, IsNullable ? 1 : 0);
        for (var i = 0; i < numbers.Length; i++)
        {
            rowBytes[i] += levelBytes + (levels[i] * _width);
            if (levels[i] == 0)
            {
                Nulls++;
                continue;
            }

            switch (Physical)
            {
                case ParquetPhysical.Int64:
                    BinaryPrimitives.WriteInt64LittleEndian(taken[at..], numbers[i]);
                    break;
                case ParquetPhysical.Int32:
                    BinaryPrimitives.WriteInt32LittleEndian(taken[at..], (int)numbers[i]);
                    break;
                default:
                    taken[at] = (byte)numbers[i];
                    break;
            }

            at += _width;
        }

        _valueBytes += at;
    }

    /// <summary>Copies rows of another buffer of the column.</summary>
    /// <param name="source">The other.</param>
    /// <param name="place">Where to begin in it; gets where it ends.</param>
    /// <param name="rows">How many.</param>
    public void Append(ColumnBuffer source, ref ColumnPlace place, int rows)
    {
        var values = rows;
        if (IsNullable)
        {
            var levels = source._levels.AsSpan(place.Row, rows);
            levels.CopyTo(Reserve(ref _levels, _levelBytes, rows));
            _levelBytes += rows;
            values = levels.Count((byte)1);
            Nulls += rows - values;
        }

        var end = source.EndOf(place.Byte, values);
        source._values.AsSpan(place.Byte, end - place.Byte).CopyTo(Reserve(ref _values, _valueBytes, end - place.Byte));
        _valueBytes += end - place.Byte;
        place = new ColumnPlace(place.Row + rows, end);
    }

    /// <summary>Copies each row of this buffer to one of others of the column.</summary>
    /// <param name="targets">The others.</param>
    /// <param name="owners">Which of them, for each of the next rows.</param>
    /// <param name="place">Where to begin in this buffer; gets where it ends.</param>
    public void Deal(ReadOnlySpan<ColumnBuffer> targets, ReadOnlySpan<int> owners, ref ColumnPlace place)
    {
        var at = place.Byte;
        for (var i = 0; i < owners.Length; i++)
        {
            var target = targets[owners[i]];
            if (IsNullable)
            {
                var level = _levels[place.Row + i];
                target.AddLevel(level);
                if (level == 0)
                {
                    continue;
                }
            }

            var length = _width > 0 ? _width : sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(_values.AsSpan(at));
            _values.AsSpan(at, length).CopyTo(target.Take(length));
            at += length;
        }

        place = new ColumnPlace(place.Row + owners.Length, at);
    }

    /// <summary>Copies a value as a decoder gives it.</summary>
    /// <param name="isNull">Whether it is NULL.</param>
    /// <param name="value">Its bytes in the plain encoding, text without its length.</param>
    public void AddStored(bool isNull, ReadOnlySpan<byte> value)
    {
        if (IsNullable)
        {
            AddLevel(isNull ? (byte)0 : (byte)1);
        }

        if (!isNull)
        {
            Put(value);
        }
    }

    /// <summary>Copies one row of another buffer of the column.</summary>
    /// <param name="source">The other.</param>
    /// <param name="at">Where its value is, as <see cref="Places"/> says.</param>
    public void AddRow(ColumnBuffer source, int at) => AddStored(at < 0, at < 0 ? [] : source.ValueAt(at));

    /// <summary>Returns where the value of each row begins; -1 for NULL.</summary>
    /// <param name="rows">The number of rows held.</param>
    public int[] Places(int rows)
    {
        var places = new int[rows];
        for (var (row, at) = (0, 0); row < rows; row++)
        {
            var isNull = IsNullable && _levels[row] == 0;
            places[row] = isNull ? -1 : at;
            at = isNull ? at : EndOf(at, 1);
        }

        return places;
    }

    /// <summary>Returns a value in the plain encoding, text without its length.</summary>
    public ReadOnlySpan<byte> ValueAt(int at) => _width > 0 ? _values.AsSpan(at, _width) : _values.AsSpan((at + sizeof(int))..EndOf(at, 1));

    /// <summary>Empties the buffer, and zeroes what it held.</summary>
    public void Clear()
    {
        _values.AsSpan(0, _valueBytes).Clear();
        _levels.AsSpan(0, _levelBytes).Clear();
        (_valueBytes, _levelBytes, Nulls) = (0, 0, 0);
    }

    private void AddLevel(byte level)
    {
        Reserve(ref _levels, _levelBytes, 1)[0] = level;
        _levelBytes++;
        Nulls += 1 - level;
    }

    private void AddValue(in CheckedCell cell)
    {
        if (_rekeyed is { } profile)
        {
            _rekeyer!.Rekey(profile, cell.Bytes, Take(TokenBytes));
            return;
        }

        switch (Physical)
        {
            case ParquetPhysical.Boolean:
                Take(1)[0] = (byte)cell.Number;
                break;
            case ParquetPhysical.Int32:
                BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), (int)cell.Number);
                break;
            case ParquetPhysical.Int64:
                BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), cell.Number);
                break;
            case ParquetPhysical.FixedLength when Type == ColumnType.Uuid:
                BinaryPrimitives.WriteUInt128BigEndian(Take(_width), cell.Wide);
                break;
            default:
                Put(cell.Bytes);
                break;
        }
    }

    private void Put(ReadOnlySpan<byte> value)
    {
        if (_width > 0)
        {
            value.CopyTo(Take(_width));
            return;
        }

        var taken = Take(sizeof(int) + value.Length);
        BinaryPrimitives.WriteInt32LittleEndian(taken, value.Length);
        value.CopyTo(taken[sizeof(int)..]);
    }

    private static bool IsRekeyed(ColumnRule rule, IIdentifierRekeyer rekeyer) => rule.Profile is { } profile && rekeyer.Rekeys(profile);

    private Span<byte> Take(int length)
    {
        var taken = Reserve(ref _values, _valueBytes, length);
        _valueBytes += length;
        return taken;
    }

    private int EndOf(int start, int values)
    {
        if (_width > 0)
        {
            return start + (values * _width);
        }

        for (; values > 0; values--)
        {
            start += sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(_values.AsSpan(start));
        }

        return start;
    }

    private static Span<byte> Reserve(ref byte[] array, int used, int length)
    {
        var wanted = checked(used + length);
        if (wanted > array.Length)
        {
            var grown = new byte[Math.Max(Math.Max(wanted, FewestBytes), (int)Math.Min(2L * array.Length, Array.MaxLength))];
            array.AsSpan(0, used).CopyTo(grown);
            array.AsSpan(0, used).Clear();
            array = grown;
        }

        return array.AsSpan(used, length);
    }
}

/// <summary>A place in a <see cref="ColumnBuffer"/>.</summary>
/// <param name="Row">The row.</param>
/// <param name="Byte">Where its value is, or that of the next row that has one.</param>
internal readonly record struct ColumnPlace(int Row, int Byte);
