using System.Numerics;

namespace CleanRoom.Privacy.Numerics;

/// <summary>e^x with both bounds, in whole numbers counted in steps of 2^-bits.</summary>
/// <remarks>Proof: the Taylor series of e^y for 0 &lt;= y &lt; 2^-8 has positive terms, and what follows a term is below that term times y/(1-y);
/// each product is rounded down for the lower bound and up for the upper one, and squaring is monotone.</remarks>
internal static class Exponential
{
    /// <summary>The precision where none is given.</summary>
    internal const int DefaultBits = 256;

    /// <summary>Beyond this e^x only has a lower bound, and e^-x an upper one: no budget, scale or delta of this project needs more.</summary>
    internal const int MaxExponent = 4096;

    /// <summary>Returns bounds of e^x.</summary>
    /// <exception cref="ArgumentOutOfRangeException">x is above 4,096, so that there is no upper bound; a far negative x is fine.</exception>
    internal static Interval Of(Rational x, int bits = DefaultBits)
    {
        if (x.Sign >= 0)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(x, MaxExponent);
            return OfPositive(x, bits);
        }

        return -x > MaxExponent
            ? new Interval(Rational.Zero, Rational.One / OfPositive(MaxExponent, bits).Lower)
            : OfPositive(-x, bits).Reciprocal();
    }

    /// <summary>Returns a lower bound of e^x for any x; above 4,096 it is that of e^4096.</summary>
    internal static Rational LowerBound(Rational x, int bits = DefaultBits) => Of(Rational.Min(x, MaxExponent), bits).Lower;

    private static Interval OfPositive(Rational x, int bits)
    {
        var halvings = (int)x.Floor().GetBitLength() + 8;
        var width = bits + (2 * halvings) + 32;
        var scaled = Rational.Of(x.Numerator << (width - halvings), x.Denominator);
        var (lower, upper) = (LowerSeries(scaled.Floor(), width), UpperSeries(scaled.Ceiling(), width));
        for (var i = 0; i < halvings; i++)
        {
            lower = (lower * lower) >> width;
            upper = ShiftUp(upper * upper, width);
        }

        return Interval.Scaled(lower, upper, width);
    }

    private static BigInteger LowerSeries(BigInteger y, int width)
    {
        var (sum, term) = (BigInteger.Zero, BigInteger.One << width);
        for (var j = 1; !term.IsZero; j++)
        {
            sum += term;
            term = ((term * y) >> width) / j;
        }

        return sum;
    }

    private static BigInteger UpperSeries(BigInteger y, int width)
    {
        var (sum, term) = (BigInteger.Zero, BigInteger.One << width);
        for (var j = 1; term > 1; j++)
        {
            sum += term;
            term = DivideUp(ShiftUp(term * y, width), j);
        }

        // The term that fell to one step, and what follows it: less than one step more.
        return sum + 2;
    }

    /// <summary>Divides by 2^bits, rounding up.</summary>
    internal static BigInteger ShiftUp(BigInteger value, int bits) => -(-value >> bits);

    /// <summary>Divides a number that is not negative, rounding up.</summary>
    internal static BigInteger DivideUp(BigInteger value, BigInteger divisor) => (value + divisor - 1) / divisor;
}
