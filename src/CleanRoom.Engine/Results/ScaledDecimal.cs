using System.Globalization;
using System.Numerics;

namespace CleanRoom.Engine.Results;

/// <summary>An exact decimal number of up to 38 digits: <c>Unscaled / 10^Scale</c>.</summary>
/// <param name="Unscaled">All digits as one integer.</param>
/// <param name="Scale">Digits after the point, 0 to 38.</param>
public readonly record struct ScaledDecimal(BigInteger Unscaled, int Scale)
{
    /// <summary>Returns the number with exactly <see cref="Scale"/> digits after the point.</summary>
    public override string ToString()
    {
        var digits = BigInteger.Abs(Unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        var sign = Unscaled.Sign < 0 ? "-" : "";
        return Scale == 0 ? sign + digits : $"{sign}{digits[..^Scale]}.{digits[^Scale..]}";
    }
}
