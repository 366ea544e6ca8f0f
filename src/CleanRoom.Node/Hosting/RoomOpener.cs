using CleanRoom.Grains.Budgets;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Storage;
using CleanRoom.Storage.Ledger;

namespace CleanRoom.Node.Hosting;

/// <summary>Opens every room of the store after a start, so that what a kill interrupted goes on without anyone asking.</summary>
internal sealed partial class RoomOpener(ILedgerStore ledger, IGrainFactory grains, IHostApplicationLifetime lifetime, ILogger<RoomOpener> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        try
        {
            foreach (var collaboration in (await ledger.ListCollaborationsAsync(stoppingToken)).Where(key => !BudgetStore.IsBudgetLog(key)))
            {
                var status = (await grains.GetGrain<ICollaborationGrain>(collaboration).StatusAsync()).ToResult();
                LogOpened(collaboration, status.IsAccepted ? status.Value.Mode.ToString() : status.Refusals[0].Slug);
            }
        }
        catch (StorageException exception)
        {
            LogFailed(exception, exception.Failure);
        }
    }

    [LoggerMessage(4001, LogLevel.Information, "Room {Collaboration} is open: {State}")]
    private partial void LogOpened(string collaboration, string state);

    [LoggerMessage(4002, LogLevel.Error, "The rooms of the store could not be listed: {Failure}")]
    private partial void LogFailed(Exception exception, StorageFailure failure);
}
