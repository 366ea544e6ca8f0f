namespace CleanRoom.Node.Cluster;

/// <summary>Has a gateway that finds no silo look again, until it is asked to end.</summary>
internal sealed partial class SiloWait(TimeProvider time, ILogger<SiloWait> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(2);

    private bool _hasSaidSo;

    /// <inheritdoc/>
    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (!_hasSaidSo)
        {
            _hasSaidSo = true;
            LogWaits(exception.GetType().Name);
        }

        await Task.Delay(_pause, time, cancellationToken);
        return true;
    }

    [LoggerMessage(4203, LogLevel.Warning, "No silo lets this gateway in yet ({Reason}): it is tried every 2 seconds")]
    private partial void LogWaits(string reason);
}
