using CleanRoom.Client.Budgets;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Persistence;
using CleanRoom.Portal.Browser;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Portal.Features.Rooms;

/// <summary>What this browser remembers of its rooms. Two tabs share it: the longer checkpoint stays.</summary>
internal sealed class BrowserRoomMemory(BrowserStore store) : IRoomMemory
{
    /// <inheritdoc/>
    public async ValueTask<Result<RoomRecord>> LoadAsync(string collaboration, CancellationToken cancellationToken) =>
        await store.ReadRoomAsync(collaboration, cancellationToken) is { } bytes
            ? ClientCodec.ParseRecord(bytes).Then<RoomRecord>(record => record.Collaboration == collaboration
                ? record
                : new Refusal(RefusalCode.DocumentInvalid, $"the memory of {collaboration}", $"that of {record.Collaboration}"))
            : new Refusal(RefusalCode.ContractNotActive, "a collaboration that this browser knows", collaboration);

    /// <inheritdoc/>
    public ValueTask<Refusal?> SaveAsync(RoomRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        return store.WriteRoomAsync(record.Collaboration, SizeOf(record), ClientCodec.Encode(record), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<Result<string>> LoadBudgetLogAsync(string name, CancellationToken cancellationToken) =>
        await store.ReadAsync(BudgetLog(name), cancellationToken) ?? RoomBudgets.Nothing;

    /// <inheritdoc/>
    public ValueTask<Refusal?> SaveBudgetLogAsync(string name, string note, CancellationToken cancellationToken) =>
        store.WriteLongerAsync(BudgetLog(name), SizeOf(note), note, cancellationToken);

    private static string BudgetLog(string name) => $"budget-log/{name}";

    private static long SizeOf(RoomRecord record) => SizeOf(record.Checkpoint);

    private static long SizeOf(string? note) =>
        note is not null && SignedNote.Parse(note).Then(read => Checkpoint.Parse(read.Text)).TryGet(out var checkpoint, out _)
            ? checkpoint.Size
            : 0;
}
