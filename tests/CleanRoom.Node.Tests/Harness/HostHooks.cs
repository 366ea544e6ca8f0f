using CleanRoom.Storage;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>What the host does around every call of its stores. Null does nothing; a hook may throw.</summary>
internal sealed class HostHooks
{
    private readonly List<string> _calls = [];

    /// <summary>Gets or sets what happens before a call has its effect. It is told the call's name.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>Gets or sets what happens after the effect, before the caller hears of it.</summary>
    public Action<string>? After { get; set; }

    /// <summary>Gets the names of all calls so far, in order.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>Makes a hook that fails the n-th call, from 1, and all after it: the process is gone then.</summary>
    public static Action<string> DieAt(int call)
    {
        var calls = 0;
        return name => _ = Interlocked.Increment(ref calls) >= call
            ? throw new StorageException(StorageFailure.Failed, $"wanted {name} to work; got an injected fault", null)
            : 0;
    }

    /// <summary>Makes a hook that fails the next call of a name, once.</summary>
    public static Action<string> FailOnce(string wanted, StorageFailure failure)
    {
        var failures = 0;
        return name =>
        {
            if (name == wanted && Interlocked.Increment(ref failures) == 1)
            {
                throw new StorageException(failure, $"wanted {name} to work; got an injected fault", null);
            }
        };
    }

    public async Task<T> RunAsync<T>(string name, Func<Task<T>> call)
    {
        Begin(name);
        var result = await call();
        After?.Invoke(name);
        return result;
    }

    public async Task RunAsync(string name, Func<Task> call)
    {
        Begin(name);
        await call();
        After?.Invoke(name);
    }

    public void Begin(string name)
    {
        lock (_calls)
        {
            _calls.Add(name);
        }

        Before?.Invoke(name);
    }
}
