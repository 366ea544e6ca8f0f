using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Privacy.Numerics;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Client.Budgets;

/// <summary>What a query would leave of one owner's budget of privacy.</summary>
/// <param name="Dataset">The dataset, by SQL name.</param>
/// <param name="Owner">Its owner.</param>
/// <param name="Fits">Whether the budget admits the query.</param>
/// <param name="FurtherQueries">How many of the same cost would still fit after it.</param>
/// <param name="EpsilonAfter">The epsilon spent after it, rounded up to 9 digits.</param>
/// <param name="Epsilon">The epsilon of the owner's budget.</param>
/// <remarks>Everyone computes it from contract and ledger, so nobody has to be believed. Spec: contracts/spec/0014 s.6.</remarks>
public sealed record PrivacyOutlook(string Dataset, string Owner, bool Fits, long FurtherQueries, string EpsilonAfter, string Epsilon)
{
    private const int Digits = 9;

    /// <summary>Returns the outlook for each dataset of the dp tier that a verdict charges.</summary>
    /// <param name="contract">The verdict's contract.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="state">The ledger; null for a budget of which nothing was spent.</param>
    public static ImmutableArray<PrivacyOutlook> Of(Contract contract, Verdict verdict, CollaborationState? state) =>
    [
        .. from charge in verdict.Budget
           where charge.NanoRho > 0
           let dataset = contract.Datasets.Single(dataset => dataset.SqlName == charge.Dataset)
           select Of(dataset, new PrivacyCost(charge.NanoRho, charge.AttoDelta), state),
    ];

    /// <summary>Returns what a cost comes to in epsilon, rounded up to 9 digits.</summary>
    internal static string EpsilonOf(DpRules rules, PrivacyCost spent) =>
        Text(ZcdpConversion.Epsilon(spent.NanoRho, PrivacyBudget.From(rules).Value.ConversionDelta));

    private static PrivacyOutlook Of(Dataset dataset, PrivacyCost cost, CollaborationState? state)
    {
        var rules = dataset.Policy.Dp!;
        var budget = PrivacyBudget.From(rules).Value;
        var spent = state is null ? PrivacyCost.None : Spent(QueryRules.PrivacySpent(state, dataset));
        var preview = QueryPreview.Of(budget, spent, cost);
        return new PrivacyOutlook(
            dataset.SqlName,
            dataset.Owner,
            preview.Fits,
            preview.FurtherQueries,
            Text(preview.EpsilonAfter),
            rules.Epsilon.ToString(CultureInfo.InvariantCulture));
    }

    private static PrivacyCost Spent(PrivacyLimit spent) => new(spent.NanoRho, spent.AttoDelta);

    private static string Text(Rational epsilon)
    {
        var digits = (epsilon * BigInteger.Pow(10, Digits)).Ceiling().ToString(CultureInfo.InvariantCulture).PadLeft(Digits + 1, '0');
        return $"{digits[..^Digits]}.{digits[^Digits..]}".TrimEnd('0').TrimEnd('.');
    }
}
