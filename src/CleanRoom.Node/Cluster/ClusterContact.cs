using CleanRoom.Grains.Ledger;
using CleanRoom.Grains.Partitions;

namespace CleanRoom.Node.Cluster;

/// <summary>Has a silo that has lost its cluster let go of the columns that runs left in clear: nobody can tell it any more what was taken back.</summary>
/// <remarks>
/// It reads the members' table every five seconds. A silo that stands there as dead ends by that. One that cannot read it three times in a row zeroes
/// what is kept of every room, and again at each further miss. The table is the operator's: one that shows an old copy is in infra/docs/limitations.md.
/// Spec: contracts/spec/0010 s.6.1.
/// </remarks>
internal sealed partial class ClusterContact(
    IClusterMembershipService membership, KeptColumns kept, LedgerClock clock, TimeProvider time, ILogger<ClusterContact> logger) : BackgroundService
{
    private const int MostMisses = 3;

    private static readonly TimeSpan _period = TimeSpan.FromSeconds(5);

    private int _misses;

    /// <summary>Looks once.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        if (await IsReachedAsync(cancellationToken))
        {
            _misses = 0;
            return;
        }

        if (++_misses < MostMisses)
        {
            return;
        }

        kept.ForgetAll();
        if (_misses == MostMisses)
        {
            LogLost(_misses);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_period, time);
        clock.Look();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            clock.Look();
            await LookAsync(stoppingToken);
        }
    }

    private async Task<bool> IsReachedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await membership.Refresh(default, cancellationToken).AsTask().WaitAsync(_period, time, cancellationToken);
            return true;
        }
#pragma warning disable CA1031 // Whatever keeps the table from being read, this silo does not know what it should.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    [LoggerMessage(4204, LogLevel.Warning, "The members' table was not read {Misses} times in a row: what runs left in clear is zeroed")]
    private partial void LogLost(int misses);
}
