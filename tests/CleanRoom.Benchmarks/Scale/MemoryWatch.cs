using CleanRoom.Benchmarks.Rooms;
using CleanRoom.Benchmarks.Running;

namespace CleanRoom.Benchmarks.Scale;

/// <summary>Looks ten times a second at the memory of a node and its engines, and keeps the most.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private readonly PeriodicTimer _timer = new(TimeSpan.FromMilliseconds(100));
    private readonly Task _looking;
    private long _most;

    /// <summary>Begins.</summary>
    public MemoryWatch(IServedNode node) => _looking = LookAsync(node);

    /// <summary>Gets the most so far.</summary>
    /// <value>Bytes.</value>
    public long MostBytes => Interlocked.Read(ref _most);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _looking;
    }

    private async Task LookAsync(IServedNode node)
    {
        while (await _timer.WaitForNextTickAsync())
        {
            _ = Interlocked.Exchange(ref _most, Math.Max(_most, ProcessTree.ResidentBytes(node.Processes)));
        }
    }
}
