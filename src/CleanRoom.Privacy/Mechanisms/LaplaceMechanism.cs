using System.Numerics;
using CleanRoom.Privacy.Noise;
using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Privacy.Mechanisms;

/// <summary>Discrete Laplace noise of scale L1/epsilon: epsilon-DP without a delta, and so (epsilon^2/2)-zCDP.</summary>
/// <remarks>Proof: Ghosh, Roughgarden, Sundararajan (2009), theorem 3.2; the cost is Bun, Steinke (2016), proposition 1.4.
/// Spec: contracts/spec/0014 s.5.</remarks>
public sealed class LaplaceMechanism : NoiseMechanism
{
    private readonly DiscreteLaplace _noise;

    /// <param name="sensitivity">What the noise hides.</param>
    /// <param name="nanoEpsilon">Epsilon in billionths, at least 1.</param>
    /// <exception cref="OverflowException">The cost in billionths does not fit 63 bits (epsilon above 135,000).</exception>
    public LaplaceMechanism(Sensitivity sensitivity, long nanoEpsilon)
        : base(sensitivity, CostOf(nanoEpsilon))
    {
        ArgumentNullException.ThrowIfNull(sensitivity);
        NanoEpsilon = nanoEpsilon;
        _noise = new DiscreteLaplace(Rational.Of(sensitivity.L1 * Nano.One, nanoEpsilon));
    }

    /// <summary>Gets epsilon in billionths.</summary>
    public long NanoEpsilon { get; }

    /// <summary>Gets s = L1/epsilon.</summary>
    public Rational Scale => _noise.Scale;

    /// <summary>Makes the mechanism with the largest epsilon whose cost is within a share.</summary>
    /// <param name="nanoRho">At least 1.</param>
    public static LaplaceMechanism Within(Sensitivity sensitivity, long nanoRho)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(nanoRho);
        return new LaplaceMechanism(sensitivity, (long)SquareRoot.Floor(2 * (BigInteger)nanoRho * Nano.One));
    }

    /// <inheritdoc/>
    public override BigInteger Draw(RandomBytes random) => _noise.Draw(random);

    // P[Z > t] = e^(-t/s)/(e^(1/s) + 1) for whole t >= 0.
    internal override Rational TailAbove(BigInteger value) =>
        Exponential.Of(-(Rational)value / Scale).Upper / (Exponential.LowerBound(Rational.One / Scale) + 1);

    private static long CostOf(long nanoEpsilon)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(nanoEpsilon);
        return Nano.Up(Rational.Of((BigInteger)nanoEpsilon * nanoEpsilon, 2 * (BigInteger)Nano.One * Nano.One));
    }
}
