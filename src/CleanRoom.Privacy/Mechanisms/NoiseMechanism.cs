using System.Numerics;
using CleanRoom.Privacy.Noise;
using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Privacy.Mechanisms;

/// <summary>Noise for one aggregate in all its groups, what it costs and how large it is.</summary>
public abstract class NoiseMechanism
{
    private protected NoiseMechanism(Sensitivity sensitivity, long nanoRho) => (Sensitivity, NanoRho) = (sensitivity, nanoRho);

    /// <summary>Gets what the noise hides.</summary>
    public Sensitivity Sensitivity { get; }

    /// <summary>Gets the zCDP cost in billionths, rounded up; for all groups together.</summary>
    public long NanoRho { get; }

    /// <summary>Draws the noise of one group, to be added to the exact integer.</summary>
    /// <param name="random">The stream of this aggregate and this group alone.</param>
    public abstract BigInteger Draw(RandomBytes random);

    /// <summary>Returns the smallest w that the bound on the tail proves to be exceeded by |noise| with at most the given probability.</summary>
    /// <param name="exceeded">Between 0 and 1, such as 1/20 for a confidence of 95 %.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not between 0 and 1, or below 2^-1024.</exception>
    public BigInteger HalfWidth(Rational exceeded)
    {
        CheckProbability(exceeded);
        return LeastWhere(width => TailAbove(width) * 2 <= exceeded);
    }

    /// <summary>Returns an upper bound of P[noise > value].</summary>
    /// <param name="value">At least 0.</param>
    internal abstract Rational TailAbove(BigInteger value);

    internal static void CheckProbability(Rational probability)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(probability, Rational.Of(1, BigInteger.One << 1024));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(probability, Rational.One);
    }

    /// <summary>Finds the least whole number from 0 for which a test holds that, once it holds, holds for all larger ones.</summary>
    internal static BigInteger LeastWhere(Func<BigInteger, bool> holds)
    {
        if (holds(0))
        {
            return 0;
        }

        var (below, at) = (BigInteger.Zero, BigInteger.One);
        while (!holds(at))
        {
            (below, at) = (at, at * 2);
        }

        while (at - below > 1)
        {
            var middle = (below + at) / 2;
            (below, at) = holds(middle) ? (below, middle) : (middle, at);
        }

        return at;
    }
}
