using CleanRoom.Protocol;

namespace CleanRoom.Client.Ledger;

/// <summary>Keeps <see cref="RoomRecord"/>s. Without it a rollback or a fork between two starts of the client goes unnoticed.</summary>
public interface IRoomMemory
{
    /// <summary>Reads the record of a collaboration.</summary>
    /// <returns>The record, or <see cref="RefusalCode.ContractNotActive"/> when there is none, or why it cannot be read.</returns>
    ValueTask<Result<RoomRecord>> LoadAsync(string collaboration, CancellationToken cancellationToken);

    /// <summary>Keeps a record durably before it returns. MUST NOT replace a longer checkpoint by a shorter one.</summary>
    /// <returns>Null, or why it was not kept.</returns>
    ValueTask<Refusal?> SaveAsync(RoomRecord record, CancellationToken cancellationToken);
}
