using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Client.Budgets;

/// <summary>How a dataset's budget was used over time: one point for each charged run, in row order.</summary>
/// <param name="Sequence">The row of the charge.</param>
/// <param name="At">When it was charged.</param>
/// <param name="Queries">Queries charged up to it.</param>
/// <param name="NanoRho">zCDP in billionths spent up to it of the owner's budget in this dataset's unit domain; 0 for a dataset of another tier than dp.</param>
/// <param name="Permille">How full the budget was after it: of privacy for the tier dp, of queries for the others. 0 to 1000.</param>
/// <remarks>Every run counts, also one on a version with which an owner lets the budget begin anew: this is history, the gauge is what counts.</remarks>
public sealed record BudgetPoint(long Sequence, Timestamp At, long Queries, long NanoRho, int Permille)
{
    /// <summary>Returns the history of a dataset of the contract in force; empty while none is in force or nothing was charged.</summary>
    public static ImmutableArray<BudgetPoint> HistoryOf(CollaborationState state, string sqlName)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Active is not { } active || active.FindDataset(sqlName) is not { } dataset)
        {
            return [];
        }

        var limit = active.Limits.TryGetValue(sqlName, out var known) ? known : null;
        var points = ImmutableArray.CreateBuilder<BudgetPoint>();
        var (queries, nanoRho) = (0L, 0L);
        foreach (var run in state.Queries.Values.SelectMany(query => query.Runs).OrderBy(run => run.ChargeSequence))
        {
            var own = run.Charge.Costs.Where(cost => cost.Dataset == sqlName).Sum(cost => (long)cost.Queries);
            var shared = limit is null ? 0 : QueryRules.Shared(run.Charge.Costs, dataset.Owner, dataset.Policy.Unit?.Domain).NanoRho;
            if (own == 0 && shared == 0)
            {
                continue;
            }

            (queries, nanoRho) = (queries + own, checked(nanoRho + shared));
            points.Add(new BudgetPoint(
                run.ChargeSequence,
                run.ChargedAt,
                queries,
                nanoRho,
                limit is null ? Share.Permille(queries, dataset.Policy.Access.QueriesLifetime) : Share.Permille(nanoRho, limit.NanoRho)));
        }

        return points.ToImmutable();
    }
}
