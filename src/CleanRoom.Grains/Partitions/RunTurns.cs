namespace CleanRoom.Grains.Partitions;

/// <summary>Lets so many engines run at once as the limits say; others wait their turn in order.</summary>
public sealed class RunTurns(RunLimits limits) : IDisposable
{
    private readonly SemaphoreSlim _free = new(limits.ConcurrentRuns);

    /// <summary>Waits for a turn and takes it.</summary>
    public Task TakeAsync(CancellationToken cancellationToken) => _free.WaitAsync(cancellationToken);

    /// <summary>Gives a turn back.</summary>
    public void Give() => _free.Release();

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();
}
