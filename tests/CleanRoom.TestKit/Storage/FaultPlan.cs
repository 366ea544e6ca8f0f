using CleanRoom.Storage;

namespace CleanRoom.TestKit.Storage;

/// <summary>When a fault strikes, seen from the call.</summary>
public enum FaultMoment
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>The call fails and has no effect.</summary>
    BeforeEffect = 1,

    /// <summary>The call has its effect and fails all the same: the answer is lost.</summary>
    AfterEffect = 2,
}

/// <summary>Fails one call, counted over all stores that share the plan.</summary>
/// <remarks>A test first runs with <see cref="Counting"/> to learn how many calls there are, then once for each of them.</remarks>
public sealed class FaultPlan
{
    private readonly int _failAt;
    private readonly FaultMoment _moment;
    private int _calls;

    private FaultPlan(int failAt, FaultMoment moment) => (_failAt, _moment) = (failAt, moment);

    /// <summary>Gets the number of calls so far.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Fails nothing and counts.</summary>
    public static FaultPlan Counting() => new(0, FaultMoment.None);

    /// <summary>Fails the n-th call, from 1, once.</summary>
    public static FaultPlan FailCall(int call, FaultMoment moment)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(call, 1);
        ArgumentOutOfRangeException.ThrowIfEqual((int)moment, (int)FaultMoment.None, nameof(moment));
        return new(call, moment);
    }

    internal int Begin()
    {
        var call = Interlocked.Increment(ref _calls);
        Strike(call, FaultMoment.BeforeEffect);
        return call;
    }

    internal void End(int call) => Strike(call, FaultMoment.AfterEffect);

    internal async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        var call = Begin();
        var result = await work();
        End(call);
        return result;
    }

    internal async Task RunAsync(Func<Task> work)
    {
        var call = Begin();
        await work();
        End(call);
    }

    private void Strike(int call, FaultMoment moment)
    {
        if (call == _failAt && moment == _moment)
        {
            throw new StorageException(StorageFailure.Failed, $"wanted call {call} to work; got an injected fault", null);
        }
    }
}
