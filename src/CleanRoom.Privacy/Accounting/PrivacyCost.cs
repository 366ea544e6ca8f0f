using System.Numerics;
using CleanRoom.Privacy.Mechanisms;
using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Privacy.Accounting;

/// <summary>What is spent of one budget, in whole numbers. Costs add up: zCDP composes by addition, also adaptively.</summary>
/// <param name="NanoRho">zCDP in billionths, from 0.</param>
/// <param name="AttoDelta">The deltas of partition selection in units of 10^-18, from 0.</param>
/// <remarks>Proof: Bun, Steinke (2016), lemma 1.7 and, with deltas, s.8. Spec: contracts/spec/0014 s.6.</remarks>
public readonly record struct PrivacyCost(long NanoRho, long AttoDelta)
{
    /// <summary>How many units of delta make 1.</summary>
    public const long AttoOne = 1_000_000_000_000_000_000;

    /// <summary>Nothing.</summary>
    public static PrivacyCost None => default;

    /// <exception cref="OverflowException">The sum does not fit 63 bits.</exception>
    public static PrivacyCost operator +(PrivacyCost left, PrivacyCost right) => Add(left, right);

    /// <exception cref="OverflowException">The sum does not fit 63 bits.</exception>
    public static PrivacyCost Add(PrivacyCost left, PrivacyCost right) =>
        checked(new PrivacyCost(left.NanoRho + right.NanoRho, left.AttoDelta + right.AttoDelta));

    /// <summary>Adds up the mechanisms of one query, hidden ones too, and its partition selection.</summary>
    /// <param name="delta">The delta of partition selection; 0 for public groups. Rounded up.</param>
    public static PrivacyCost Of(IEnumerable<NoiseMechanism> mechanisms, Rational delta)
    {
        ArgumentNullException.ThrowIfNull(mechanisms);
        ArgumentOutOfRangeException.ThrowIfNegative(delta.Sign, nameof(delta));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delta, Rational.One);
        var nanoRho = mechanisms.Aggregate(0L, (sum, mechanism) => checked(sum + mechanism.NanoRho));
        return new PrivacyCost(nanoRho, (long)(delta * (BigInteger)AttoOne).Ceiling());
    }
}
