using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using CleanRoom.Policy.Evaluation;
using CleanRoom.Privacy.History;

namespace CleanRoom.Policy.Gate;

/// <summary>A value of a row, exact. There are no binary fractions.</summary>
[SuppressMessage("Design", "CA1034", Justification = "A closed family reads best in one place.")]
[SuppressMessage("Naming", "CA1720", Justification = "Values are named as in the formats.")]
public abstract record CellValue
{
    private CellValue()
    {
    }

    /// <summary>No value, or a value that was withheld: the two look alike.</summary>
    public sealed record Null : CellValue
    {
        /// <summary>Gets the only instance that is needed.</summary>
        public static Null Instance { get; } = new();

        /// <inheritdoc/>
        public override string ToString() => "null";
    }

    /// <summary>A truth value.</summary>
    public sealed record Boolean(bool Value) : CellValue
    {
        /// <inheritdoc/>
        public override string ToString() => Value ? "true" : "false";
    }

    /// <summary>An integer or decimal: <paramref name="Unscaled"/> / 10^<paramref name="Scale"/>.</summary>
    public sealed record Number(BigInteger Unscaled, int Scale) : CellValue
    {
        /// <inheritdoc/>
        public override string ToString()
        {
            var digits = BigInteger.Abs(Unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
            var text = Scale == 0 ? digits : $"{digits[..^Scale]}.{digits[^Scale..]}";
            return Unscaled.Sign < 0 ? "-" + text : text;
        }
    }

    /// <summary>Text, or a digest in lower-case hex.</summary>
    public sealed record Text(string Value) : CellValue
    {
        /// <inheritdoc/>
        public override string ToString() => Value;
    }

    /// <summary>Who is behind a row or an aggregate. Never in an answer.</summary>
    public sealed record People(UnitSet Numbers) : CellValue
    {
        /// <inheritdoc/>
        public override string ToString() => "[redacted]";
    }

    /// <summary>A day.</summary>
    public sealed record Date(DateOnly Value) : CellValue
    {
        /// <inheritdoc/>
        public override string ToString() => Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>A moment without zone, to the microsecond.</summary>
    public sealed record Timestamp(DateTime Value) : CellValue
    {
        /// <inheritdoc/>
        public override string ToString() => Literals.TimestampText(Value);
    }

    /// <summary>A UUID.</summary>
    public sealed record Uuid(Guid Value) : CellValue
    {
        /// <inheritdoc/>
        public override string ToString() => Value.ToString("D");
    }

    /// <summary>Wraps an integer.</summary>
    public static Number Of(long value) => new(value, 0);

    /// <summary>Wraps a decimal with its scale.</summary>
    public static Number Of(decimal value)
    {
        var bits = decimal.GetBits(value);
        var magnitude = ((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0];
        return new Number(value < 0 ? -magnitude : magnitude, (bits[3] >> 16) & 0xff);
    }
}
