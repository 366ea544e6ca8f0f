using System.Numerics;

namespace CleanRoom.Privacy.Numerics;

/// <summary>The upper tail Q(x) = P[N(0,1) >= x] of the standard normal distribution with both bounds.</summary>
/// <remarks>Proof: Q(x) = 1/2 - phi(x) (x + x^3/3 + x^5/15 + ...); all terms are positive. What follows a term is below that term once the
/// ratio of two terms, x^2/(2k+3), is below 1/2.</remarks>
internal static class NormalTail
{
    /// <summary>Beyond x^2 = 4,096 the upper bound is that of x = 64, about 2^-2962.</summary>
    internal const int MaxSquare = 4096;

    /// <summary>Returns bounds of Q(x).</summary>
    /// <param name="square">x^2; x itself is the root that is not negative.</param>
    internal static Interval Of(Rational square)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(square.Sign, nameof(square));
        if (square > MaxSquare)
        {
            return new Interval(Rational.Zero, Of(MaxSquare).Upper);
        }

        // The difference loses as many bits as the tail is small: log2 of e^(x^2/2), below 0.73 x^2.
        var bits = 192 + (int)square.Ceiling();
        var density = Interval.Product(Exponential.Of(square * Rational.Of(-1, 2), bits), RootOfTwoPi(bits).Reciprocal());
        return Interval.Exactly(Rational.Of(1, 2)) - Interval.Product(density, Series(square, bits));
    }

    private static Interval Series(Rational square, int bits)
    {
        var scaled = square * (BigInteger.One << bits);
        var (lowSquare, highSquare) = (scaled.Floor(), scaled.Ceiling());
        var (low, high) = (SquareRoot.Floor(lowSquare << bits), SquareRoot.Floor(highSquare << bits) + 1);
        var (lower, upper) = (BigInteger.Zero, BigInteger.Zero);
        for (BigInteger k = 3; high > 1 || k <= 2 * square.Ceiling(); k += 2)
        {
            lower += low;
            upper += high;
            low = ((low * lowSquare) >> bits) / k;
            high = Exponential.DivideUp(Exponential.ShiftUp(high * highSquare, bits), k);
        }

        return Interval.Scaled(lower, upper + 2, bits);
    }

    private static Interval RootOfTwoPi(int bits)
    {
        var pi = Pi(bits);
        return Interval.Scaled(
            SquareRoot.Floor((pi.Lower * 2 * (BigInteger.One << (2 * bits))).Floor()),
            SquareRoot.Floor((pi.Upper * 2 * (BigInteger.One << (2 * bits))).Ceiling()) + 1,
            bits);
    }

    // Machin: pi = 16 arctan(1/5) - 4 arctan(1/239).
    private static Interval Pi(int bits) => (Arctan(5, bits) * 16) - (Arctan(239, bits) * 4);

    private static Interval Arctan(int inverse, int bits)
    {
        var (sum, power, steps) = (BigInteger.Zero, (BigInteger.One << bits) / inverse, 0);
        for (var i = 1; !power.IsZero; i += 2, steps++)
        {
            sum += steps % 2 == 0 ? power / i : -(power / i);
            power /= (BigInteger)inverse * inverse;
        }

        // Each of the terms is off by less than two steps; what follows the last by less than one.
        return Interval.Scaled(sum - (2 * steps) - 1, sum + (2 * steps) + 1, bits);
    }
}
