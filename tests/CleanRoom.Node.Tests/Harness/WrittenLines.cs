using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>A log that keeps what is written to it.</summary>
internal sealed class WrittenLines<T> : ILogger<T>
{
    private readonly TaskCompletionSource<(int Id, LogLevel Level, string Text)> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<(int Id, LogLevel Level, string Text)> _written = new();

    /// <summary>Gets the lines so far.</summary>
    public IReadOnlyCollection<(int Id, LogLevel Level, string Text)> Written => _written;

    /// <summary>Gets the first line, once there is one.</summary>
    public Task<(int Id, LogLevel Level, string Text)> First => _first.Task;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = (eventId.Id, logLevel, formatter(state, exception));
        _written.Enqueue(line);
        _first.TrySetResult(line);
    }
}
