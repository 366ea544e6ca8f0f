using System.Numerics;
using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Privacy.Accounting;

/// <summary>Looks for the order a that makes a bound smallest; any order gives a bound that holds.</summary>
internal static class RenyiOrder
{
    private const int LeastExponent = -32;
    private const int LargestExponent = 48;
    private const int StepsPerOctaveBits = 24;

    /// <summary>Returns the smallest value found.</summary>
    /// <param name="bound">Of a - 1, above 0. Falls, then rises.</param>
    internal static Rational Minimum(Func<Rational, Rational> bound)
    {
        var exponent = Enumerable.Range(LeastExponent, LargestExponent - LeastExponent).MinBy(power => bound(PowerOfTwo(power)));

        // Between half and twice the best power of two, in 2^24 steps of the half.
        var unit = PowerOfTwo(exponent - 1 - StepsPerOctaveBits);
        var (low, high) = (1L << StepsPerOctaveBits, 1L << (StepsPerOctaveBits + 2));
        while (high - low > 2)
        {
            var third = (high - low) / 3;
            var (left, right) = (low + third, high - third);
            (low, high) = bound(unit * left) <= bound(unit * right) ? (low, right) : (left, high);
        }

        return bound(unit * ((low + high) / 2));
    }

    private static Rational PowerOfTwo(int power) => power >= 0 ? BigInteger.One << power : Rational.Of(1, BigInteger.One << -power);
}
