using System.Numerics;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Privacy.Noise;
using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Privacy.Selection;

/// <summary>Lets private groups appear with the largest probabilities that (epsilon, delta)-DP allows; it shows no number of units.</summary>
/// <remarks>
/// p(0) = 0, p(n) = min(e^e p(n-1) + d, 1 - e^-e (1 - p(n-1) - d), 1) with e = epsilon/L0, d = delta/L0. e^e is a lower bound and every p(n)
/// is rounded down from the p(n-1) before it, so both constraints hold. Source and proof: Desfontaines, Voss, Gipson, Mandayam,
/// Differentially private partition selection (2020), theorem 1. Spec: contracts/spec/0014 s.7.
/// </remarks>
public sealed class TruncatedGeometricSelection
{
    /// <summary>The most groups per unit; with more the noisy threshold is better, as its noise grows with the root alone.</summary>
    public const int LargestMaxGroups = 3;

    private readonly List<BigInteger> _kept = [BigInteger.Zero];
    private readonly int _bits;
    private readonly int _minUnits;

    /// <param name="epsilon">At least L0/1,000.</param>
    /// <param name="delta">At least 2^-1024, below 1.</param>
    /// <param name="maxGroups">L0, 1 to 3.</param>
    /// <param name="minUnits">The least number of units of a group that may appear, at least 1.</param>
    public TruncatedGeometricSelection(Rational epsilon, Rational delta, int maxGroups, int minUnits)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxGroups);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxGroups, LargestMaxGroups);
        ArgumentOutOfRangeException.ThrowIfLessThan(epsilon, Rational.Of(maxGroups, 1000));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minUnits);
        Mechanisms.NoiseMechanism.CheckProbability(delta);
        (Epsilon, Delta, _minUnits) = (epsilon, delta, minUnits);
        _bits = 128 + (int)delta.Denominator.GetBitLength();
        Fill(Exponential.LowerBound(epsilon / maxGroups), ((delta / maxGroups) * (BigInteger.One << _bits)).Floor());
    }

    /// <summary>Gets epsilon for all groups together.</summary>
    public Rational Epsilon { get; }

    /// <summary>Gets delta for all groups together.</summary>
    public Rational Delta { get; }

    /// <summary>Gets the cost: epsilon^2/2 in rho and delta, both rounded up.</summary>
    /// <exception cref="OverflowException">The cost does not fit 63 bits.</exception>
    public PrivacyCost Cost => new(Nano.Up(Epsilon * Epsilon / 2), (long)(Delta * (BigInteger)PrivacyCost.AttoOne).Ceiling());

    /// <summary>Returns the probability that a group of this many units appears.</summary>
    public Rational Probability(BigInteger units) => Rational.Of(Kept(units), BigInteger.One << _bits);

    /// <summary>Decides whether a group appears.</summary>
    public bool Appears(BigInteger units, RandomBytes random)
    {
        ArgumentNullException.ThrowIfNull(random);

        // Drawn always, so that the time says less about the number of units.
        var draw = ExactSampling<BigInteger>.Below(BigInteger.One << _bits, random);
        return draw < Kept(units);
    }

    private BigInteger Kept(BigInteger units)
    {
        var counted = units - (_minUnits - 1);
        return counted.Sign <= 0 ? BigInteger.Zero : _kept[(int)BigInteger.Min(counted, _kept.Count - 1)];
    }

    private void Fill(Rational growth, BigInteger step)
    {
        var one = BigInteger.One << _bits;
        while (_kept[^1] < one)
        {
            var last = _kept[^1];
            var grown = (last * growth.Numerator / growth.Denominator) + step;
            var left = BigInteger.Max(0, one - last - step);
            var shrunk = one - Exponential.DivideUp(left * growth.Denominator, growth.Numerator);
            _kept.Add(BigInteger.Min(BigInteger.Min(grown, shrunk), one));
        }
    }
}
