using CleanRoom.Protocol;
using CleanRoom.Protocol.Budgets;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Grains.Budgets;

/// <summary>Books what runs cost in the owners' budget logs, which count all collaborations. Spec: contracts/spec/0016 s.4.</summary>
public interface IOwnerBudgets
{
    /// <summary>Books one run once: the same run again is shown its row.</summary>
    /// <remarks>MUST NOT return a proof before the row is durable.</remarks>
    /// <param name="run">The run.</param>
    /// <param name="cost">What it costs the owner, and the caps.</param>
    /// <param name="pinned">The newest checkpoint of the log in the collaboration's ledger; null for none.</param>
    /// <param name="cancellationToken">Stops before the row is appended.</param>
    /// <returns>The proof, or <see cref="RefusalCode.BudgetExhausted"/>, <see cref="RefusalCode.CheckpointInconsistent"/> (the log was
    /// rolled back or replaced), <see cref="RefusalCode.SequenceConflict"/>, <see cref="RefusalCode.StorageFailed"/>.</returns>
    Task<Result<BudgetProof>> BookAsync(BookedRun run, OwnerCost cost, Checkpoint? pinned, CancellationToken cancellationToken);
}

/// <summary>A run, as budget logs know it.</summary>
/// <param name="Collaboration">The collaboration's id.</param>
/// <param name="QueryDigest">The query.</param>
/// <param name="Run">The run's number, from 1.</param>
public sealed record BookedRun(string Collaboration, Digest QueryDigest, int Run);
