using System.Numerics;
using CleanRoom.Privacy.Mechanisms;
using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Privacy.Selection;

/// <summary>Decides which private groups appear at all: those whose noisy number of units is above a threshold.</summary>
/// <remarks>
/// A group of one unit appears with at most delta over all L0 groups of that unit: (1 - P[1 + Z > tau])^L0 >= 1 - delta. The tail is an
/// upper bound, so tau is never below the exact value. The choice costs delta besides the rho of the units. Spec: contracts/spec/0014 s.7.
/// </remarks>
public sealed class GroupSelection
{
    private readonly int _minUnits;

    /// <param name="units">The mechanism of the (hidden) number of units of a group.</param>
    /// <param name="delta">At least 2^-1024, below 1.</param>
    /// <param name="minUnits">The least number of units of a group that may appear, at least 1 (1: no floor besides the noise).</param>
    /// <exception cref="ArgumentException">The mechanism is not one for units.</exception>
    public GroupSelection(NoiseMechanism units, Rational delta, int minUnits)
    {
        ArgumentNullException.ThrowIfNull(units);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minUnits);
        NoiseMechanism.CheckProbability(delta);
        if (!units.Sensitivity.LInf.IsOne)
        {
            throw new ArgumentException($"wanted a mechanism for units, of sensitivity 1; got {units.Sensitivity.LInf}", nameof(units));
        }

        Threshold = 1 + NoiseMechanism.LeastWhere(above => Hides(units.TailAbove(above), units.Sensitivity.MaxGroups, delta));
        _minUnits = minUnits;
    }

    /// <summary>Gets tau: a noisy number of units above it lets a group appear (when there is no floor).</summary>
    public BigInteger Threshold { get; }

    /// <summary>Says whether a group appears. Strictly above: a noisy number equal to the threshold is withheld.</summary>
    /// <param name="units">The exact number of units.</param>
    /// <param name="noise">The noise drawn for it; what is shown of the group is <c>units + noise</c>.</param>
    public bool Appears(BigInteger units, BigInteger noise) => units >= _minUnits && units - (_minUnits - 1) + noise > Threshold;

    // (1 - tail)^groups >= 1 - delta with the left side rounded down.
    private static bool Hides(Rational tail, int groups, Rational delta)
    {
        if (tail > Rational.One)
        {
            return false;
        }

        var bits = Exponential.DefaultBits + (int)delta.Denominator.GetBitLength();
        var (power, factor) = (BigInteger.One << bits, ((Rational.One - tail) * (BigInteger.One << bits)).Floor());
        for (var exponent = groups; exponent > 0; exponent >>= 1)
        {
            power = (exponent & 1) == 1 ? (power * factor) >> bits : power;
            factor = (factor * factor) >> bits;
        }

        return Rational.Of(power, BigInteger.One << bits) >= Rational.One - delta;
    }
}
