using System.Numerics;

namespace CleanRoom.Privacy.Numerics;

/// <summary>The natural logarithm with both bounds.</summary>
/// <remarks>Proof: ln x = k ln 2 + 2 artanh((m-1)/(m+1)) for x = m 2^k, and the terms of artanh z for z &gt;= 0 are positive and fall by at least
/// z^2, so that what follows a term is below that term when z^2 &lt;= 1/2.</remarks>
internal static class Logarithm
{
    private static readonly Interval _lnTwo = TwiceArtanh(Rational.Of(1, 3), Exponential.DefaultBits + 64);

    /// <summary>Returns bounds of ln x.</summary>
    /// <exception cref="ArgumentOutOfRangeException">x is not above 0.</exception>
    internal static Interval Of(Rational x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(x.Sign, nameof(x));
        var exponent = (long)x.Numerator.GetBitLength() - (long)x.Denominator.GetBitLength();
        var mantissa = exponent >= 0 ? x / (BigInteger.One << (int)exponent) : x * (BigInteger.One << (int)-exponent);
        var z = (mantissa - 1) / (mantissa + 1);
        var rest = z.Sign >= 0 ? TwiceArtanh(z, Exponential.DefaultBits) : -TwiceArtanh(-z, Exponential.DefaultBits);
        return (_lnTwo * exponent) + rest;
    }

    /// <param name="z">From 0 to 1/3.</param>
    private static Interval TwiceArtanh(Rational z, int bits)
    {
        var width = bits + 16;
        var scaled = z * (BigInteger.One << width);
        var (lowPower, highPower) = (scaled.Floor(), scaled.Ceiling());
        var (lowSquare, highSquare) = ((lowPower * lowPower) >> width, Exponential.ShiftUp(highPower * highPower, width));
        var (lower, upper) = (BigInteger.Zero, BigInteger.Zero);
        for (var i = 1; highPower > 1; i += 2)
        {
            lower += lowPower / i;
            upper += Exponential.DivideUp(highPower, i);
            lowPower = (lowPower * lowSquare) >> width;
            highPower = Exponential.ShiftUp(highPower * highSquare, width);
        }

        return Interval.Scaled(2 * lower, 2 * (upper + 2), width);
    }
}
