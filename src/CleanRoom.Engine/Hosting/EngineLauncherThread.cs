using System.Collections.Concurrent;
using System.Diagnostics;

namespace CleanRoom.Engine.Hosting;

/// <summary>The one thread from which engine processes are started.</summary>
/// <remarks>
/// The kernel sends the parent death signal when the <em>thread</em> that started a child ends. Pool threads come and go, so a child
/// started from one would be killed at a random moment. This thread lives until it is disposed; its end kills every child.
/// </remarks>
internal sealed class EngineLauncherThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    public EngineLauncherThread()
    {
        _thread = new Thread(Work) { IsBackground = true, Name = "engine-launcher" };
        _thread.Start();
    }

    /// <summary>Starts a process.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program could not be started.</exception>
    public Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException("no new process"));
            }
            catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                started.SetException(exception);
            }
        });
        return started.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Work()
    {
        foreach (var action in _work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
