using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Unicode;

namespace CleanRoom.Engine.Results;

/// <summary>Decodes one present value. Spec: contracts/spec/0012 s.4.</summary>
internal static class RowValue
{
    private const int UnixEpochDay = 719_162;
    private static readonly object _true = true;
    private static readonly object _false = false;

    /// <summary>Takes a value from the front of the bytes.</summary>
    /// <param name="cells">Trust: attacker-controlled. Left behind the value.</param>
    /// <param name="cell">The form of the value.</param>
    /// <param name="scale">Digits after the point, already checked.</param>
    /// <returns>The value in the form that <see cref="EngineType"/> names; null when the bytes hold none.</returns>
    public static object? Decode(ref ReadOnlySpan<byte> cells, RowCell cell, int scale)
    {
        var length = RowFormat.ValueBytes(cell);
        if (cells.Length < length)
        {
            return null;
        }

        var bytes = cells[..length];
        cells = cells[length..];
        return cell switch
        {
            RowCell.Boolean => bytes[0] switch { 0 => _false, 1 => _true, _ => null },
            RowCell.WholeNumber => BinaryPrimitives.ReadInt64BigEndian(bytes),
            RowCell.BigInteger => (BigInteger)BinaryPrimitives.ReadInt128BigEndian(bytes),
            RowCell.ScaledDecimal => Decimal(BinaryPrimitives.ReadInt128BigEndian(bytes), scale),
            RowCell.FloatingPoint => BinaryPrimitives.ReadDoubleBigEndian(bytes),
            RowCell.Text => Variable(ref cells, BinaryPrimitives.ReadUInt32BigEndian(bytes), isText: true),
            RowCell.Binary => Variable(ref cells, BinaryPrimitives.ReadUInt32BigEndian(bytes), isText: false),
            RowCell.Date => Day(BinaryPrimitives.ReadInt32BigEndian(bytes)),
            RowCell.Timestamp => Moment(BinaryPrimitives.ReadInt64BigEndian(bytes), DateTimeKind.Unspecified),
            RowCell.UtcTimestamp => Moment(BinaryPrimitives.ReadInt64BigEndian(bytes), DateTimeKind.Utc),
            RowCell.Numbers => Numbers(ref cells, BinaryPrimitives.ReadUInt32BigEndian(bytes)),
            _ => null,
        };
    }

    private static ScaledDecimal? Decimal(Int128 unscaled, int scale) =>
        unscaled > -RowFormat.DecimalEnd && unscaled < RowFormat.DecimalEnd ? new ScaledDecimal(unscaled, scale) : null;

    private static object? Variable(ref ReadOnlySpan<byte> cells, uint length, bool isText)
    {
        if (length > (uint)cells.Length)
        {
            return null;
        }

        var value = cells[..(int)length];
        cells = cells[(int)length..];
        if (isText)
        {
            return Utf8.IsValid(value) ? Encoding.UTF8.GetString(value) : null;
        }

        return new ReadOnlyMemory<byte>(value.ToArray());
    }

    private static ReadOnlyMemory<uint>? Numbers(ref ReadOnlySpan<byte> cells, uint count)
    {
        if (count > (uint)cells.Length / sizeof(uint))
        {
            return null;
        }

        var numbers = new uint[(int)count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadUInt32BigEndian(cells[(i * sizeof(uint))..]);
            if (i > 0 && numbers[i] <= numbers[i - 1])
            {
                return null;
            }
        }

        cells = cells[(numbers.Length * sizeof(uint))..];
        return new ReadOnlyMemory<uint>(numbers);
    }

    private static DateOnly? Day(int days) =>
        days is >= RowFormat.FirstDay and <= RowFormat.LastDay ? DateOnly.FromDayNumber(UnixEpochDay + days) : null;

    private static DateTime? Moment(long microseconds, DateTimeKind kind) =>
        microseconds is >= RowFormat.FirstMicrosecond and <= RowFormat.LastMicrosecond
            ? DateTime.SpecifyKind(DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond), kind)
            : null;
}
