using CleanRoom.Protocol;
using CleanRoom.Protocol.Budgets;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Grains.Budgets;

/// <summary>The budget logs of this cluster: one grain each.</summary>
public sealed class GrainOwnerBudgets(IGrainFactory grains) : IOwnerBudgets
{
    /// <inheritdoc/>
    public async Task<Result<BudgetProof>> BookAsync(BookedRun run, OwnerCost cost, Checkpoint? pinned, CancellationToken cancellationToken) =>
        (await grains.GetGrain<IBudgetLogGrain>(cost.LogName).BookAsync(BudgetOrder.Of(run, cost, pinned))).ToResult()
            .Then(shown => Result.Accept(shown.ToProof()));
}
