using System.Numerics;
using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Privacy.Mechanisms;

/// <summary>Makes an average of a noisy numerator and a noisy denominator.</summary>
public static class NoisyAverage
{
    /// <summary>Returns middle + numerator/(2 max(1, denominator)), clamped.</summary>
    /// <remarks>Post-processing: it sees noisy numbers alone.</remarks>
    /// <param name="doubledNumerator">Noisy sum of 2x - (lower + upper).</param>
    /// <param name="denominator">Noisy number of rows with a value; may be 0 or negative.</param>
    public static Rational Of(BigInteger doubledNumerator, BigInteger denominator, Int128 lower, Int128 upper)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lower, upper);
        var middle = Rational.Of((BigInteger)lower + upper, 2);
        var average = middle + Rational.Of(doubledNumerator, 2 * BigInteger.Max(1, denominator));
        return Rational.Max((BigInteger)lower, Rational.Min((BigInteger)upper, average));
    }
}
