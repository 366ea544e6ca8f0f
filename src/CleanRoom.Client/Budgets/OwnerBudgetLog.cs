using System.Collections.Immutable;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Protocol.Budgets;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Budgets;

/// <summary>An owner's budget log for one unit domain, read and checked on its own machine. Spec: contracts/spec/0016 s.6.</summary>
/// <param name="Domain">The unit domain.</param>
/// <param name="Charges">Every charge in row order; none while the node has no such log.</param>
public sealed record OwnerBudgetLog(string Domain, ImmutableArray<OwnerCharge> Charges)
{
    /// <summary>Gets what was spent in all collaborations.</summary>
    public PrivacyCost Spent => new(Charges.Sum(charge => charge.NanoRho), Charges.Sum(charge => charge.AttoDelta));

    /// <summary>Gets the number of collaborations in which something was spent.</summary>
    public int Collaborations => Charges.Select(charge => charge.Collaboration).Distinct(StringComparer.Ordinal).Count();

    internal static OwnerBudgetLog Of(string domain, BudgetLogState state) => new(domain, state.Charges);
}
