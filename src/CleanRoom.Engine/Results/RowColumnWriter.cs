using System.Buffers;
using System.Buffers.Binary;

namespace CleanRoom.Engine.Results;

/// <summary>Takes the cells of one column, in the order of the rows.</summary>
/// <remarks>Every write counts one cell and throws <see cref="RowsTooLargeException"/> beyond a limit.</remarks>
internal sealed class RowColumnWriter
{
    private readonly RowWriter _owner;
    private readonly ArrayBufferWriter<byte> _cells = new();

    internal RowColumnWriter(RowWriter owner, ReadOnlyMemory<byte> name, RowCell cell, int scale) =>
        (_owner, Name, Cell, Scale) = (owner, name, cell, scale);

    /// <summary>Gets the form of the cells.</summary>
    public RowCell Cell { get; }

    /// <summary>Gets the number of cells written.</summary>
    public int Cells { get; private set; }

    /// <summary>Gets the name in UTF-8.</summary>
    internal ReadOnlyMemory<byte> Name { get; }

    /// <summary>Gets the digits after the point.</summary>
    internal int Scale { get; }

    /// <summary>Gets the cells so far.</summary>
    internal ReadOnlySpan<byte> Written => _cells.WrittenSpan;

    /// <summary>Writes that there is no value.</summary>
    public void WriteAbsent() => Add(RowFormat.Absent, 0);

    /// <summary>Writes a truth value.</summary>
    public void Write(bool value) => Value(sizeof(byte), RowCell.Boolean)[0] = value ? (byte)1 : (byte)0;

    /// <summary>Writes a whole number or microseconds.</summary>
    public void Write(long value) => BinaryPrimitives.WriteInt64BigEndian(
        Value(sizeof(long), RowCell.WholeNumber, RowCell.Timestamp, RowCell.UtcTimestamp), value);

    /// <summary>Writes a wide number or all digits of a decimal.</summary>
    public void Write(Int128 value) => BinaryPrimitives.WriteInt128BigEndian(
        Value(2 * sizeof(long), RowCell.BigInteger, RowCell.ScaledDecimal), value);

    /// <summary>Writes a binary fraction.</summary>
    public void Write(double value) => BinaryPrimitives.WriteDoubleBigEndian(Value(sizeof(double), RowCell.FloatingPoint), value);

    /// <summary>Writes a day.</summary>
    public void Write(int days) => BinaryPrimitives.WriteInt32BigEndian(Value(sizeof(int), RowCell.Date), days);

    /// <summary>Writes text or bytes.</summary>
    public void Write(ReadOnlySpan<byte> value)
    {
        var target = Value(sizeof(int) + (long)value.Length, RowCell.Text, RowCell.Binary);
        BinaryPrimitives.WriteUInt32BigEndian(target, (uint)value.Length);
        value.CopyTo(target[sizeof(int)..]);
    }

    /// <summary>Writes numbers.</summary>
    /// <returns>False, and nothing is written, unless each is larger than the one before.</returns>
    public bool TryWrite(ReadOnlySpan<uint> numbers)
    {
        for (var i = 1; i < numbers.Length; i++)
        {
            if (numbers[i] <= numbers[i - 1])
            {
                return false;
            }
        }

        var target = Value(sizeof(uint) + ((long)numbers.Length * sizeof(uint)), RowCell.Numbers);
        BinaryPrimitives.WriteUInt32BigEndian(target, (uint)numbers.Length);
        foreach (var number in numbers)
        {
            target = target[sizeof(uint)..];
            BinaryPrimitives.WriteUInt32BigEndian(target, number);
        }

        return true;
    }

    private Span<byte> Value(long length, params ReadOnlySpan<RowCell> forms)
    {
        if (!forms.Contains(Cell))
        {
            throw new InvalidOperationException($"wanted a value of form {Cell}; got another");
        }

        return Add(RowFormat.Present, length);
    }

    private Span<byte> Add(byte presence, long length)
    {
        _owner.Take(1 + length, cells: 1);
        Cells++;
        var target = _cells.GetSpan(1 + (int)length)[..(1 + (int)length)];
        target[0] = presence;
        _cells.Advance(target.Length);
        return target[1..];
    }
}
