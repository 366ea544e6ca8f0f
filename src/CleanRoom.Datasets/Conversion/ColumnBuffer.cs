using System.Buffers;
using System.Buffers.Binary;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Source.ParquetFormat;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Conversion;

/// <summary>The values of one column of one row group. Spec: contracts/spec/0007 s.10, table of physical types.</summary>
internal sealed class ColumnBuffer
{
    /// <summary>The bytes of a token.</summary>
    public const int TokenBytes = 32;

    private readonly ArrayBufferWriter<byte> _values = new();
    private readonly ArrayBufferWriter<byte> _levels = new();
    private readonly ColumnRule _rule;
    private readonly IIdentifierRekeyer _rekeyer;
    private readonly ColumnBounds _bounds;
    private readonly string? _rekeyed;
    private readonly byte[] _token = new byte[TokenBytes];

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="rule">The column's rule.</param>
    /// <param name="rekeyer">Makes tokens of its values if it is a column of identifiers.</param>
    public ColumnBuffer(ColumnRule rule, IIdentifierRekeyer rekeyer)
    {
        (_rule, _rekeyer) = (rule, rekeyer);
        _rekeyed = rule.Profile is { } profile && rekeyer.Rekeys(profile) ? profile : null;
        _bounds = new ColumnBounds(Type);
    }

    /// <summary>Gets the column's name.</summary>
    public string Name => _rule.Name;

    /// <summary>Gets the type that is stored: that of the contract, and of tokens a digest.</summary>
    public ColumnType Type => _rekeyed is null ? _rule.Type : ColumnType.Sha256;

    /// <summary>Gets the digits after the point of a decimal.</summary>
    public int Scale => _rule.Scale;

    /// <summary>Gets a value that says whether the column may hold NULL.</summary>
    public bool IsNullable => _rule.IsNullable;

    /// <summary>Gets the physical type.</summary>
    public ParquetPhysical Physical => Type switch
    {
        ColumnType.Boolean => ParquetPhysical.Boolean,
        ColumnType.Int32 or ColumnType.Date => ParquetPhysical.Int32,
        ColumnType.Int64 or ColumnType.Decimal or ColumnType.Timestamp => ParquetPhysical.Int64,
        ColumnType.Uuid or ColumnType.Sha256 => ParquetPhysical.FixedLength,
        _ => ParquetPhysical.ByteArray,
    };

    /// <summary>Gets the bytes of a value of fixed length; 0 for other types.</summary>
    public int FixedBytes => Type switch
    {
        ColumnType.Uuid => 16,
        ColumnType.Sha256 => 32,
        _ => 0,
    };

    /// <summary>Gets the bytes held.</summary>
    public long BufferedBytes => (long)_values.WrittenCount + _levels.WrittenCount;

    /// <summary>Gets the number of NULLs held.</summary>
    public long Nulls { get; private set; }

    /// <summary>Gets the least and the greatest value held.</summary>
    public ColumnBounds Bounds => _bounds;

    /// <summary>Copies a cell.</summary>
    public void Add(in CheckedCell cell)
    {
        if (IsNullable)
        {
            _levels.GetSpan(1)[0] = cell.IsNull ? (byte)0 : (byte)1;
            _levels.Advance(1);
        }

        if (cell.IsNull)
        {
            Nulls++;
            return;
        }

        if (_rekeyed is { } profile)
        {
            _rekeyer.Rekey(profile, cell.Bytes.Span, _token);
            Append(new CheckedCell { Bytes = _token });
            return;
        }

        Append(cell);
        _bounds.Add(cell);
    }

    /// <summary>Returns the one page of the column: levels, then values in the plain encoding.</summary>
    public byte[] ToPage()
    {
        var values = Type == ColumnType.Boolean ? Pack(_values.WrittenSpan) : _values.WrittenSpan;
        if (!IsNullable)
        {
            return values.ToArray();
        }

        var runs = Runs(_levels.WrittenSpan);
        var page = new byte[sizeof(int) + runs.Length + values.Length];
        BinaryPrimitives.WriteInt32LittleEndian(page, runs.Length);
        runs.CopyTo(page.AsSpan(sizeof(int)));
        values.CopyTo(page.AsSpan(sizeof(int) + runs.Length));
        return page;
    }

    /// <summary>Empties the buffer for the next row group, and zeroes what it held.</summary>
    public void Clear()
    {
        _values.Clear();
        _levels.Clear();
        _bounds.Clear();
        Nulls = 0;
    }

    private void Append(in CheckedCell cell)
    {
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
                BinaryPrimitives.WriteUInt128BigEndian(Take(FixedBytes), cell.Wide);
                break;
            case ParquetPhysical.FixedLength:
                cell.Bytes.Span.CopyTo(Take(FixedBytes));
                break;
            default:
                BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), cell.Bytes.Length);
                _values.Write(cell.Bytes.Span);
                break;
        }
    }

    private Span<byte> Take(int length)
    {
        var taken = _values.GetSpan(length)[..length];
        _values.Advance(length);
        return taken;
    }

    /// <summary>Levels as one run: of equal ones, or of packed ones. Spec: parquet Encodings, RLE / bit-packing hybrid.</summary>
    private static byte[] Runs(ReadOnlySpan<byte> levels)
    {
        var isEqual = !levels.ContainsAnyExcept(levels[0]);
        var head = new ArrayBufferWriter<byte>();
        for (var rest = isEqual ? (uint)levels.Length << 1 : ((((uint)levels.Length + 7) / 8) << 1) | 1; ; rest >>= 7)
        {
            head.Write([(byte)(rest >= 0x80 ? rest | 0x80 : rest)]);
            if (rest < 0x80)
            {
                break;
            }
        }

        head.Write(isEqual ? levels[..1] : Pack(levels));
        return head.WrittenSpan.ToArray();
    }

    private static ReadOnlySpan<byte> Pack(ReadOnlySpan<byte> bits)
    {
        var packed = new byte[(bits.Length + 7) / 8];
        for (var i = 0; i < bits.Length; i++)
        {
            packed[i >> 3] |= (byte)(bits[i] << (i & 7));
        }

        return packed;
    }
}
