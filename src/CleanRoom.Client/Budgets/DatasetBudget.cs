using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Client.Budgets;

/// <summary>How much of a dataset's budgets is used, computed from contract and ledger. Spec: contracts/spec/0002 s.4, 0014 s.6.</summary>
/// <param name="Dataset">The dataset, by SQL name.</param>
/// <param name="Owner">Its owner.</param>
/// <param name="Domain">The unit domain; null for a dataset that protects nobody.</param>
/// <param name="Used">Queries charged in all.</param>
/// <param name="Lifetime">The most queries in all.</param>
/// <param name="Today">Queries charged in the last 24 hours.</param>
/// <param name="PerDay">The most queries in 24 hours.</param>
/// <param name="Privacy">What is spent of the budget of privacy; null for a dataset of another tier than dp.</param>
public sealed record DatasetBudget(
    string Dataset, string Owner, string? Domain, long Used, long Lifetime, long Today, long PerDay, PrivacyGauge? Privacy)
{
    /// <summary>Gets the queries that fit at present, by both caps.</summary>
    public long Left => Math.Max(0, Math.Min(Lifetime - Used, PerDay - Today));

    /// <summary>Gets how full the fuller of the two caps on queries is: 0 to 1000.</summary>
    public int Permille => Math.Max(Share.Permille(Used, Lifetime), Share.Permille(Today, PerDay));

    /// <summary>Returns the budgets of every dataset of the contract in force, in its order; none while none is in force.</summary>
    public static ImmutableArray<DatasetBudget> Of(CollaborationState state, Timestamp at)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Active is not { } active
            ? []
            : [.. active.Contract.Datasets.Select(dataset => Of(state, active, dataset, at))];
    }

    /// <summary>Returns the same budgets as one run under a verdict would leave them.</summary>
    public DatasetBudget After(CollaborationState state, Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(verdict);
        var queries = verdict.Budget.Where(cost => cost.Dataset == Dataset).Sum(cost => (long)cost.Queries);
        var shared = QueryRules.Shared(verdict.Budget, Owner, Domain);
        return this with
        {
            Used = Used + queries,
            Today = Today + queries,
            Privacy = Privacy?.Plus(new PrivacyCost(shared.NanoRho, shared.AttoDelta)),
        };
    }

    private static DatasetBudget Of(CollaborationState state, ContractState active, Dataset dataset, Timestamp at)
    {
        var charges = state.Queries.Values.SelectMany(query => query.Runs)
            .SelectMany(run => run.Charge.Costs.Where(cost => cost.Dataset == dataset.SqlName).Select(cost => (run.ChargedAt, cost.Queries)))
            .ToList();
        var access = dataset.Policy.Access;
        return new DatasetBudget(
            dataset.SqlName,
            dataset.Owner,
            dataset.Policy.Unit?.Domain,
            charges.Sum(charge => (long)charge.Queries),
            access.QueriesLifetime,
            charges.Where(charge => at.Value - charge.ChargedAt.Value < TimeSpan.FromDays(1)).Sum(charge => (long)charge.Queries),
            access.QueriesPerDay,
            dataset.Policy.Dp is { } rules && active.Limits.TryGetValue(dataset.SqlName, out var limit)
                ? PrivacyGauge.Of(rules, limit, QueryRules.PrivacySpent(state, dataset))
                : null);
    }
}

/// <summary>What is spent of a budget of privacy. Costs are zCDP, which adds up; epsilon is what it comes to.</summary>
/// <param name="Rules">The owner's budget.</param>
/// <param name="Limit">The same as zCDP.</param>
/// <param name="Spent">What was spent.</param>
public sealed record PrivacyGauge(DpRules Rules, PrivacyLimit Limit, PrivacyCost Spent)
{
    /// <summary>Gets how full it is: 0 to 1000, rounded up.</summary>
    public int Permille => Math.Max(Share.Permille(Spent.NanoRho, Limit.NanoRho), Share.Permille(Spent.AttoDelta, Limit.AttoDelta));

    /// <summary>Gets the epsilon of the owner's budget.</summary>
    public string Epsilon => Rules.Epsilon.ToString(CultureInfo.InvariantCulture);

    /// <summary>Gets the epsilon spent, rounded up to 9 digits.</summary>
    public string EpsilonSpent => PrivacyOutlook.EpsilonOf(Rules, Spent);

    /// <summary>Returns how many queries of a cost still fit.</summary>
    public long Fits(PrivacyCost cost) => PrivacyBudget.From(Rules).Value.Fits(Spent, cost);

    /// <summary>Returns the gauge after a further cost.</summary>
    public PrivacyGauge Plus(PrivacyCost cost) => this with { Spent = Spent + cost };

    internal static PrivacyGauge Of(DpRules rules, PrivacyLimit limit, PrivacyLimit spent) =>
        new(rules, limit, new PrivacyCost(spent.NanoRho, spent.AttoDelta));
}

/// <summary>Parts of a whole, without fractions.</summary>
internal static class Share
{
    /// <summary>Returns how much of a whole a part is: 0 to 1000, rounded up; 1000 of nothing.</summary>
    public static int Permille(long part, long whole) =>
        whole <= 0 ? (part > 0 ? 1000 : 0) : (int)Int128.Min(1000, ((Int128)Math.Max(part, 0) * 1000 + whole - 1) / whole);
}
