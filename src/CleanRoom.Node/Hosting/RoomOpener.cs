using CleanRoom.Grains.Budgets;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Keys.Destructions;
using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Storage;
using CleanRoom.Storage.Ledger;

namespace CleanRoom.Node.Hosting;

/// <summary>Opens every room of the store after a start, and again when a silo has left, so that what a kill interrupted goes on without anyone asking.</summary>
internal sealed partial class RoomOpener(
    ILedgerStore ledger,
    IGrainFactory grains,
    IClusterMembershipService membership,
    ILocalSiloDetails self,
    IPeerKeys peers,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<RoomOpener> logger) : BackgroundService
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(5);

    /// <summary>Returns the collaborations of a store, whose logs are not all that it holds.</summary>
    internal static async Task<List<string>> ListAsync(ILedgerStore ledger, CancellationToken cancellationToken) =>
        [.. (await ledger.ListCollaborationsAsync(cancellationToken)).Where(key => !BudgetStore.IsBudgetLog(key) && !DestructionRecords.IsOne(key))];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        HashSet<SiloAddress>? before = null;
        await foreach (var members in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            HashSet<SiloAddress> now = [.. members.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress)];
            var left = before?.Except(now).Where(silo => !silo.Equals(self.SiloAddress)).ToList() ?? [];
            if (left.Count > 0)
            {
                LogLeft(string.Join(", ", left.Select(silo => silo.Endpoint)));
            }

            if (before is null || left.Count > 0)
            {
                await OpenAllAsync(isStart: before is null, stoppingToken);
            }

            before = now;
        }
    }

    /// <summary>Opens all rooms; one that the cluster cannot place yet is tried again until it can.</summary>
    /// <param name="isStart">This silo has just started, and gets the keys of every room that lets it have them.</param>
    /// <param name="cancellationToken">Stops.</param>
    private async Task OpenAllAsync(bool isStart, CancellationToken cancellationToken)
    {
        try
        {
            var rooms = await ListAsync(ledger, cancellationToken);
            while (rooms.Count > 0)
            {
                var waiting = new List<string>();
                foreach (var room in rooms)
                {
                    if (!await TryOpenAsync(room, isStart))
                    {
                        waiting.Add(room);
                    }
                }

                rooms = waiting;
                if (rooms.Count > 0)
                {
                    await Task.Delay(_pause, time, cancellationToken);
                }
            }
        }
        catch (StorageException exception)
        {
            LogFailed(exception, exception.Failure);
        }
    }

    private async Task<bool> TryOpenAsync(string collaboration, bool isStart)
    {
        try
        {
            if (isStart && peers is not NoPeerKeys)
            {
                await grains.GetGrain<IKeyKeeperGrain>(self.SiloAddress.ToParsableString()).KeepAsync(collaboration);
            }

            var status = (await grains.GetGrain<ICollaborationGrain>(collaboration).StatusAsync()).ToResult();
            LogOpened(collaboration, status.IsAccepted ? status.Value.Mode.ToString() : status.Refusals[0].Slug);
            return true;
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            LogWaits(collaboration, exception.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(4001, LogLevel.Information, "Room {Collaboration} is open: {State}")]
    private partial void LogOpened(string collaboration, string state);

    [LoggerMessage(4002, LogLevel.Error, "The rooms of the store could not be listed: {Failure}")]
    private partial void LogFailed(Exception exception, StorageFailure failure);

    [LoggerMessage(4201, LogLevel.Warning, "{Silos} left the cluster: every room is opened again")]
    private partial void LogLeft(string silos);

    [LoggerMessage(4202, LogLevel.Warning, "Room {Collaboration} was not reached ({Reason}): it is tried again")]
    private partial void LogWaits(string collaboration, string reason);
}
