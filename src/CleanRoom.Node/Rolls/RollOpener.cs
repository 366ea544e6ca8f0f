using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Node.Hosting;
using CleanRoom.Storage;
using CleanRoom.Storage.Ledger;

namespace CleanRoom.Node.Rolls;

/// <summary>Looks after every room while rooms move between two builds: nobody tells this cluster what the other one appends.</summary>
/// <remarks>
/// So a room that has accepted this build since is fetched, work that the other cluster left is done, and keys of a room that ended are erased, without anyone
/// asking. Who asks a room finds its newest rows at once, without this.
/// </remarks>
internal sealed partial class RollOpener(
    ILedgerStore ledger,
    IGrainFactory grains,
    ILocalSiloDetails self,
    CollaborationKeyring keyring,
    RollTransport roll,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<RollOpener> logger) : BackgroundService
{
    private static readonly TimeSpan _period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(_period, time);
        while (!roll.HasEnded && await timer.WaitForNextTickAsync(stoppingToken))
        {
            await LookAsync(stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var room in await RoomOpener.ListAsync(ledger, cancellationToken))
            {
                if (keyring.FindHeld(room) is not { IsFresh: true })
                {
                    await grains.GetGrain<IKeyKeeperGrain>(self.SiloAddress.ToParsableString()).KeepAsync(room);
                }

                await grains.GetGrain<ICollaborationGrain>(room).StatusAsync();
            }
        }
        catch (Exception exception) when (exception is StorageException or OrleansException or TimeoutException)
        {
            LogNotLooked(exception);
        }
    }

    [LoggerMessage(4304, LogLevel.Warning, "Not every room was looked after while rooms move between two builds; it is tried again within a minute")]
    private partial void LogNotLooked(Exception exception);
}
