using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Privacy.Accounting;

/// <summary>What a query would leave of a budget, before anything is spent or read.</summary>
/// <remarks>It depends on the contract, the query's text and what was spent, never on data. Spec: contracts/spec/0014 s.6.</remarks>
/// <param name="Fits">Whether the budget admits it.</param>
/// <param name="FurtherQueries">How many queries of this cost would still fit after it.</param>
/// <param name="EpsilonAfter">An upper bound of the epsilon spent after it, at the budget's conversion delta.</param>
public sealed record QueryPreview(bool Fits, long FurtherQueries, Rational EpsilonAfter)
{
    /// <summary>Computes the preview.</summary>
    public static QueryPreview Of(PrivacyBudget budget, PrivacyCost spent, PrivacyCost cost)
    {
        ArgumentNullException.ThrowIfNull(budget);
        var fits = budget.Charge(spent, cost).IsAccepted;
        return new QueryPreview(
            fits, fits ? budget.Fits(spent + cost, cost) : 0, ZcdpConversion.Epsilon((spent + cost).NanoRho, budget.ConversionDelta));
    }
}
