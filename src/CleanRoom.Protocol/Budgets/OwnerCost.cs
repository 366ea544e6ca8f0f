using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Protocol.Budgets;

/// <summary>What a run costs one owner in one unit domain, and the caps that its contract sets. Spec: contracts/spec/0016 s.4.</summary>
/// <param name="Owner">The collaborator.</param>
/// <param name="OwnerKey">Its root key: 65 bytes.</param>
/// <param name="Domain">The unit domain.</param>
/// <param name="NanoRho">zCDP in billionths: the largest over the owner's datasets of the domain.</param>
/// <param name="AttoDelta">Delta in units of 10^-18, likewise.</param>
/// <param name="Versions">The manifests of these datasets that the run reads, in ascending order.</param>
/// <param name="Caps">The budget of each of these datasets.</param>
public sealed record OwnerCost(
    string Owner, Bytes OwnerKey, string Domain, long NanoRho, long AttoDelta, ImmutableArray<Digest> Versions, ImmutableArray<OwnerCap> Caps)
{
    /// <summary>Gets where the owner's budget log is kept.</summary>
    public string LogName => BudgetLogId.NameOf(OwnerKey, Domain);

    /// <summary>Returns what a run costs each owner that it charges rho or delta, ordered by owner and domain.</summary>
    /// <param name="state">The ledger's state, with a contract in force.</param>
    /// <param name="query">The query that runs.</param>
    /// <param name="costs">What its verdict charges.</param>
    public static ImmutableArray<OwnerCost> Of(CollaborationState state, Query query, IEnumerable<BudgetCharge> costs) =>
    [
        .. costs.Where(cost => cost.NanoRho != 0 || cost.AttoDelta != 0)
            .GroupBy(cost => (cost.Owner, cost.Domain))
            .OrderBy(shared => shared.Key.Owner, StringComparer.Ordinal)
            .ThenBy(shared => shared.Key.Domain, StringComparer.Ordinal)
            .Select(shared => Of(state, query, shared.Key.Owner, shared.Key.Domain, [.. shared])),
    ];

    private static OwnerCost Of(CollaborationState state, Query query, string owner, string domain, ImmutableArray<BudgetCharge> costs)
    {
        var contract = state.Active!; // Not null: verdicts are on the contract in force.
        var datasets = contract.Contract.Datasets
            .Where(dataset => dataset.Owner == owner && dataset.Policy.Unit?.Domain == domain)
            .ToDictionary(dataset => dataset.SqlName, StringComparer.Ordinal);
        return new OwnerCost(
            owner,
            contract.Find(owner)!.RootKey,
            domain,
            costs.Max(cost => cost.NanoRho),
            costs.Max(cost => cost.AttoDelta),
            [
                .. query.Inputs.Where(input => datasets.ContainsKey(input.Dataset)).Select(input => input.ManifestDigest)
                    .OrderBy(digest => digest.ToString(), StringComparer.Ordinal),
            ],
            [.. costs.Where(cost => datasets.ContainsKey(cost.Dataset)).Select(cost => CapOf(state, datasets[cost.Dataset]))]);
    }

    private static OwnerCap CapOf(CollaborationState state, Dataset dataset)
    {
        // A cost without a budget is the word of a node that lies: nothing admits it.
        var limit = state.Active!.Limits.GetValueOrDefault(dataset.SqlName, new PrivacyLimit(0, 0));
        var version = dataset.Policy.Dp?.Refresh == BudgetRefresh.DatasetVersion ? state.CurrentDataset(dataset.SqlName)?.Digest : null;
        return new OwnerCap(dataset.SqlName, limit.NanoRho, limit.AttoDelta, version);
    }
}

/// <summary>The budget of one dataset.</summary>
/// <param name="Dataset">The dataset, by SQL name.</param>
/// <param name="NanoRho">zCDP in billionths.</param>
/// <param name="AttoDelta">Delta in units of 10^-18.</param>
/// <param name="Version">The version with which the budget began anew; null where it never does.</param>
public sealed record OwnerCap(string Dataset, long NanoRho, long AttoDelta, Digest? Version);
