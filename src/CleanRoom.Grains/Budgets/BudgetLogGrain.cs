using System.Collections.Immutable;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Budgets;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Storage;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Grains.Budgets;

/// <summary>An owner's budget log for one unit domain. Key: the log's name. Callers that are not silos are refused.</summary>
[GrainInterfaceType("cleanroom.budget-log")]
[Alias("cleanroom.budget-log")]
public interface IBudgetLogGrain : IGrainWithStringKey, IInternalGrain
{
    /// <summary>Books a run once: an encoded proof of its row.</summary>
    [Alias("book")]
    Task<GrainReply<BudgetShown>> BookAsync(BudgetOrder order);

    /// <summary>Reads rows in order, at most 256 at a time.</summary>
    [Alias("read")]
    Task<GrainReply<LedgerPage>> ReadAsync(BudgetSubject subject, long from, int count);
}

/// <summary>The shell around <see cref="BudgetLedger"/>: one activation, one call at a time.</summary>
internal sealed partial class BudgetLogGrain(RoomServices services, BudgetKeyring keyring, ILogger<BudgetLogGrain> logger) : Grain, IBudgetLogGrain
{
    private const int MaxPageRows = 256;

    private BudgetLedger? _log;

    [LoggerMessage(3311, LogLevel.Error, "The store of a budget log failed: {Failure}")]
    private partial void LogStoreFailed(Exception exception, StorageFailure failure);

    public async Task<GrainReply<BudgetShown>> BookAsync(BudgetOrder order) => (await WithLogAsync(order.Subject, async log =>
        (await log.BookAsync(order.ToRun(), order.ToCost(), order.ToPinned(), CancellationToken.None)).Then(proof => Result.Accept(BudgetShown.Of(proof))))).ToReply();

    public async Task<GrainReply<LedgerPage>> ReadAsync(BudgetSubject subject, long from, int count) => (await WithLogAsync<LedgerPage>(subject, async log =>
    {
        if (await log.LoadAsync(CancellationToken.None) is { } damaged)
        {
            return damaged;
        }

        var first = (int)Math.Clamp(from, 0, log.Rows.Count);
        ImmutableArray<byte[]> rows = [.. log.Rows.Skip(first).Take(Math.Clamp(count, 0, MaxPageRows)).Select(RowCodec.Encode)];
        return new LedgerPage(rows, log.State.Log.Size, log.Checkpoint);
    })).ToReply();

    private async Task<Result<T>> WithLogAsync<T>(BudgetSubject subject, Func<BudgetLedger, Task<Result<T>>> call)
        where T : notnull
    {
        var ownerKey = new Bytes(subject.OwnerKey);
        if (BudgetLogId.NameOf(ownerKey, subject.Domain) != this.GetPrimaryKeyString())
        {
            return new Refusal(RefusalCode.NotPermitted, $"the owner and domain of budget log {this.GetPrimaryKeyString()}", "others");
        }

        try
        {
            _log ??= new BudgetLedger(ownerKey, subject.Domain, services.Ledger, keyring, services.Node);
            return await call(_log);
        }
        catch (StorageException exception)
        {
            LogStoreFailed(exception, exception.Failure);
            return new Refusal(RefusalCode.StorageFailed, "a store that takes and gives rows", exception.Failure.ToString().ToLowerInvariant());
        }
    }
}
