using Microsoft.Extensions.Logging;

namespace CleanRoom.Grains.Hosting;

/// <summary>How a piece of background work ended.</summary>
internal enum WorkOutcome
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>There is nothing left to do.</summary>
    Done = 1,

    /// <summary>The machine was at fault; later it may work.</summary>
    TryAgain = 2,
}

/// <summary>A grain that does one piece of work beside its calls; starting it again while it runs changes nothing.</summary>
/// <remarks>A failed try is made again after 1, 2, 4, ... at most 60 seconds.</remarks>
internal abstract partial class WorkingGrain(ILogger logger) : Grain, IDisposable
{
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(60);

    // The default age would collect a grain in the middle of a long ingest.
    private static readonly TimeSpan _keepAlive = TimeSpan.FromHours(12);

    private IGrainTimer? _retry;
    private TimeSpan _pause;
    private CancellationTokenSource? _stop;

    /// <summary>Gets a value that says whether the work runs.</summary>
    protected bool IsWorking { get; private set; }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await StopWorkAsync();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the work unless it runs. Returns at once.</summary>
    protected void StartWork()
    {
        if (!IsWorking)
        {
            IsWorking = true;
            _ = RunAsync();
        }
    }

    /// <summary>Cancels the work that runs, if any.</summary>
    protected Task StopWorkAsync() => _stop?.CancelAsync() ?? Task.CompletedTask;

    /// <summary>Does the work.</summary>
    protected abstract Task<WorkOutcome> WorkAsync(CancellationToken cancellationToken);

    private async Task RunAsync()
    {
        _retry?.Dispose();
        _retry = null;
        DelayDeactivation(_keepAlive);
        using var stop = new CancellationTokenSource();
        _stop = stop;
        var outcome = WorkOutcome.TryAgain;
        try
        {
            outcome = await WorkAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            outcome = WorkOutcome.Done;
        }
#pragma warning disable CA1031 // Nobody awaits the work: what escapes it would be lost. It is logged and tried again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogUnexpected(exception, GetType().Name);
        }
        finally
        {
            _stop = null;
            IsWorking = false;
            Retry(outcome);
        }
    }

    [LoggerMessage(3001, LogLevel.Critical, "Work of a {Grain} ended by an error that nobody expected; it is tried again")]
    private partial void LogUnexpected(Exception exception, string grain);

    private void Retry(WorkOutcome outcome)
    {
        if (outcome != WorkOutcome.TryAgain)
        {
            _pause = TimeSpan.Zero;
            DelayDeactivation(TimeSpan.FromTicks(-1));
            return;
        }

        _pause = _pause == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, _longestPause.Ticks));
        _retry = this.RegisterGrainTimer(
            () =>
            {
                StartWork();
                return Task.CompletedTask;
            },
            _pause,
            Timeout.InfiniteTimeSpan);
    }
}
