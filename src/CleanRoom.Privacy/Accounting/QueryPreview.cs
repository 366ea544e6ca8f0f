using System.Collections.Immutable;
using System.Numerics;
using CleanRoom.Privacy.Mechanisms;
using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Privacy.Accounting;

/// <summary>What a query would cost and how exact it would be, before anything is spent or read.</summary>
/// <remarks>It depends on the contract, the query's text and what was spent, never on data.</remarks>
public sealed record QueryPreview
{
    /// <summary>Gets the cost.</summary>
    public required PrivacyCost Cost { get; init; }

    /// <summary>Gets whether the budget admits it.</summary>
    public required bool Fits { get; init; }

    /// <summary>Gets how many queries of this cost would still fit after it.</summary>
    public required long FurtherQueries { get; init; }

    /// <summary>Gets an upper bound of the epsilon spent after it, at the budget's conversion delta.</summary>
    public required Rational EpsilonAfter { get; init; }

    /// <summary>Gets, for each mechanism in order, the width that |noise| exceeds with at most 5 %; in units of the integer that is aggregated.</summary>
    public required ImmutableArray<BigInteger> HalfWidths { get; init; }

    /// <summary>Computes the preview.</summary>
    /// <param name="delta">The delta of partition selection; 0 for public groups.</param>
    public static QueryPreview Of(PrivacyBudget budget, PrivacyCost spent, IReadOnlyList<NoiseMechanism> mechanisms, Rational delta)
    {
        ArgumentNullException.ThrowIfNull(budget);
        var cost = PrivacyCost.Of(mechanisms, delta);
        var fits = budget.Charge(spent, cost).IsAccepted;
        return new QueryPreview
        {
            Cost = cost,
            Fits = fits,
            FurtherQueries = fits ? budget.Fits(spent + cost, cost) : 0,
            EpsilonAfter = ZcdpConversion.Epsilon((spent + cost).NanoRho, budget.ConversionDelta),
            HalfWidths = [.. mechanisms.Select(mechanism => mechanism.HalfWidth(Calibration.Exceeded))],
        };
    }
}
