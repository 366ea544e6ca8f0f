using System.Collections.Immutable;
using System.Numerics;
using CleanRoom.Privacy.Numerics;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Privacy.Accounting;

/// <summary>What a dataset's owner lets be spent in all, and by one query, in whole numbers rounded down.</summary>
/// <remarks>A filter: it stops before the sum of the costs exceeds the total. Spec: contracts/spec/0014 s.6.</remarks>
public sealed record PrivacyBudget
{
    /// <summary>Gets the total over the budget's life.</summary>
    public required PrivacyCost Total { get; init; }

    /// <summary>Gets the most that one query may cost, in billionths of rho.</summary>
    public required long MaxNanoRhoPerQuery { get; init; }

    /// <summary>Gets the delta that turns rho into epsilon for display: half of the owner's.</summary>
    public required Rational ConversionDelta { get; init; }

    /// <summary>Reads the owner's rules: half of delta is for the conversion, half for partition selection.</summary>
    /// <returns>The budget, or <see cref="RefusalCode.ContractInvalid"/> where delta is 0 (then rho has no epsilon), a number is out of range, or
    /// a query may cost less than a billionth of rho.</returns>
    public static Result<PrivacyBudget> From(DpRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (rules.Delta is <= 0 or >= 1)
        {
            return new Refusal(RefusalCode.ContractInvalid, "a delta above 0 and below 1, since costs are counted in rho", $"{rules.Delta}");
        }

        if (rules.Epsilon is <= 0 or > Exponential.MaxExponent || rules.MaxEpsilonPerQuery <= 0 || rules.MaxEpsilonPerQuery > rules.Epsilon)
        {
            return new Refusal(
                RefusalCode.ContractInvalid, $"0 < maxEpsilonPerQuery <= epsilon <= {Exponential.MaxExponent}", $"{rules.MaxEpsilonPerQuery}, {rules.Epsilon}");
        }

        var half = Rational.FromDecimal(rules.Delta) / 2;
        var total = ZcdpConversion.NanoRho(Rational.FromDecimal(rules.Epsilon), half);
        var each = ZcdpConversion.NanoRho(Rational.FromDecimal(rules.MaxEpsilonPerQuery), half);
        return each == 0
            ? new Refusal(
                RefusalCode.ContractInvalid,
                "a maxEpsilonPerQuery and delta that allow a query a billionth of rho",
                $"{rules.MaxEpsilonPerQuery}, {rules.Delta}")
            : new PrivacyBudget
            {
                Total = new PrivacyCost(total, (long)(half * (BigInteger)PrivacyCost.AttoOne).Floor()),
                MaxNanoRhoPerQuery = each,
                ConversionDelta = half,
            };
    }

    /// <summary>Says whether a query may be charged after what was spent.</summary>
    /// <returns>The sum to be recorded, or <see cref="RefusalCode.BudgetExhausted"/> with every quantity that does not fit.</returns>
    /// <remarks>The answer depends on costs alone, never on data.</remarks>
    public Result<PrivacyCost> Charge(PrivacyCost spent, PrivacyCost cost)
    {
        var remaining = Remaining(spent);
        List<Refusal> refusals = [];
        Require(cost.NanoRho >= 0 && cost.AttoDelta >= 0 && cost != PrivacyCost.None, "a cost above 0", $"{cost.NanoRho} nano-rho, {cost.AttoDelta} atto-delta");
        Require(cost.NanoRho <= MaxNanoRhoPerQuery, $"at most {MaxNanoRhoPerQuery} nano-rho for a query", $"{cost.NanoRho}");
        Require(cost.NanoRho <= remaining.NanoRho, $"at most the remaining {remaining.NanoRho} nano-rho", $"{cost.NanoRho}");
        Require(cost.AttoDelta <= remaining.AttoDelta, $"at most the remaining {remaining.AttoDelta} atto-delta", $"{cost.AttoDelta}");
        return refusals.Count == 0 ? spent + cost : refusals.ToImmutableArray();

        void Require(bool holds, string wanted, string got)
        {
            if (!holds)
            {
                refusals.Add(new Refusal(RefusalCode.BudgetExhausted, wanted, got));
            }
        }
    }

    /// <summary>Returns what is left; 0 where more was spent than there is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">What was spent is negative.</exception>
    public PrivacyCost Remaining(PrivacyCost spent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(spent.NanoRho, nameof(spent));
        ArgumentOutOfRangeException.ThrowIfNegative(spent.AttoDelta, nameof(spent));
        return new PrivacyCost(Math.Max(0, Total.NanoRho - spent.NanoRho), Math.Max(0, Total.AttoDelta - spent.AttoDelta));
    }

    /// <summary>Counts how many queries of one cost still fit after what was spent.</summary>
    /// <param name="cost">Not negative, and not nothing.</param>
    public long Fits(PrivacyCost spent, PrivacyCost cost)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cost.NanoRho, nameof(cost));
        ArgumentOutOfRangeException.ThrowIfNegative(cost.AttoDelta, nameof(cost));
        ArgumentOutOfRangeException.ThrowIfEqual(cost, PrivacyCost.None);
        var remaining = Remaining(spent);
        return cost.NanoRho > MaxNanoRhoPerQuery ? 0 : Math.Min(Times(remaining.NanoRho, cost.NanoRho), Times(remaining.AttoDelta, cost.AttoDelta));
    }

    private static long Times(long remaining, long cost) => cost == 0 ? long.MaxValue : remaining / cost;
}
