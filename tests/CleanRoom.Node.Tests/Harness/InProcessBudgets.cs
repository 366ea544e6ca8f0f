using CleanRoom.Grains.Budgets;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Ledger;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Budgets;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Storage;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>The budget logs without a silo: each call is a fresh activation, which reads the log from the store.</summary>
internal sealed class InProcessBudgets(LedgerServices services, BudgetKeyring keyring, NodeIdentity node) : IOwnerBudgets
{
    /// <summary>Gets or sets what happens after a row is booked and before anyone hears of it.</summary>
    public Func<Task>? AfterBooking { get; set; }

    public async Task<Result<BudgetProof>> BookAsync(BookedRun run, OwnerCost cost, Checkpoint? pinned, CancellationToken cancellationToken)
    {
        // Through the wire form, as between silos.
        var order = BudgetOrder.Of(run, cost, pinned);
        try
        {
            var shown = await Open(cost).BookAsync(order.ToRun(), order.ToCost(), order.ToPinned(), cancellationToken);
            await (AfterBooking?.Invoke() ?? Task.CompletedTask);
            return shown.Then(proof => Result.Accept(BudgetShown.Of(proof).ToProof()));
        }
        catch (StorageException exception)
        {
            return new Refusal(RefusalCode.StorageFailed, "a store that takes and gives rows", $"{exception.Failure}");
        }
    }

    /// <summary>Returns an owner's log, not read yet.</summary>
    public BudgetLedger Open(OwnerCost cost) => new(cost.OwnerKey, cost.Domain, services, keyring, node);
}
