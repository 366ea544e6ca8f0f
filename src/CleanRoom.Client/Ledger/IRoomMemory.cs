using CleanRoom.Protocol;

namespace CleanRoom.Client.Ledger;

/// <summary>Keeps <see cref="RoomRecord"/>s, and how far budget logs went. Without it a rollback or a fork between two starts of the client goes unnoticed.</summary>
public interface IRoomMemory
{
    /// <summary>Reads the record of a collaboration.</summary>
    /// <returns>The record, or <see cref="RefusalCode.ContractNotActive"/> when there is none, or why it cannot be read.</returns>
    ValueTask<Result<RoomRecord>> LoadAsync(string collaboration, CancellationToken cancellationToken);

    /// <summary>Keeps a record durably before it returns. MUST NOT replace a longer checkpoint by a shorter one.</summary>
    /// <returns>Null, or why it was not kept.</returns>
    ValueTask<Refusal?> SaveAsync(RoomRecord record, CancellationToken cancellationToken);

    /// <summary>Reads the newest checkpoint note of a budget log that any collaboration has shown.</summary>
    /// <param name="name">The log's name: contracts/spec/0016 s.2.</param>
    /// <param name="cancellationToken">Stops before the reading.</param>
    /// <returns>The note, <c>none</c> when there is none, or why it cannot be read.</returns>
    ValueTask<Result<string>> LoadBudgetLogAsync(string name, CancellationToken cancellationToken);

    /// <summary>Keeps the note of a budget log durably before it returns. MUST NOT replace a longer log's by a shorter one's.</summary>
    /// <returns>Null, or why it was not kept.</returns>
    ValueTask<Refusal?> SaveBudgetLogAsync(string name, string note, CancellationToken cancellationToken);
}
