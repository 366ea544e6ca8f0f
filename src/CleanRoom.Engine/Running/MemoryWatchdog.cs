using CleanRoom.Engine.Hosting;

namespace CleanRoom.Engine.Running;

/// <summary>Looks at a process's resident memory at intervals and kills it beyond a ceiling.</summary>
/// <remarks>The kernel's data limit is the first line; this one also sees shared mappings, which that limit does not count.</remarks>
internal sealed class MemoryWatchdog : IAsyncDisposable
{
    private readonly PeriodicTimer _timer;
    private readonly Task _watching;

    /// <summary>Starts watching.</summary>
    public MemoryWatchdog(EngineProcess process, long ceilingBytes, TimeSpan interval, TimeProvider time)
    {
        _timer = new PeriodicTimer(interval, time);
        _watching = WatchAsync(process, ceilingBytes);
    }

    /// <summary>Gets a value that says whether it killed the process.</summary>
    public bool HasKilled { get; private set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _watching;
    }

    private async Task WatchAsync(EngineProcess process, long ceilingBytes)
    {
        while (await _timer.WaitForNextTickAsync())
        {
            if (process.ResidentBytes > ceilingBytes)
            {
                HasKilled = true;
                process.Kill();
                return;
            }
        }
    }
}
