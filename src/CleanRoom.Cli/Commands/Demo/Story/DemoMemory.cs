using System.Collections.Concurrent;
using CleanRoom.Client.Budgets;
using CleanRoom.Client.Datasets;
using CleanRoom.Client.Ledger;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Commands.Demo.Story;

/// <summary>What one member of the story remembers, as long as the story lasts.</summary>
internal sealed class DemoMemory : IRoomMemory, IUploadStore
{
    private readonly ConcurrentDictionary<string, RoomRecord> _records = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _budgetLogs = new(StringComparer.Ordinal);

    public ValueTask<Result<RoomRecord>> LoadAsync(string collaboration, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Result<RoomRecord>>(_records.TryGetValue(collaboration, out var record)
            ? record
            : new Refusal(RefusalCode.ContractNotActive, "a collaboration that this member knows", collaboration));

    public ValueTask<Refusal?> SaveAsync(RoomRecord record, CancellationToken cancellationToken)
    {
        _records[record.Collaboration] = record;
        return ValueTask.FromResult<Refusal?>(null);
    }

    public ValueTask<Result<string>> LoadBudgetLogAsync(string name, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Result.Accept(_budgetLogs.GetValueOrDefault(name, RoomBudgets.Nothing)));

    public ValueTask<Refusal?> SaveBudgetLogAsync(string name, string note, CancellationToken cancellationToken)
    {
        _budgetLogs[name] = note;
        return ValueTask.FromResult<Refusal?>(null);
    }

    /// <summary>An upload of the story is not resumed by another process.</summary>
    public ValueTask<Refusal?> SaveAsync(UploadState state, CancellationToken cancellationToken) => ValueTask.FromResult<Refusal?>(null);
}
