using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using CleanRoom.Protocol;

namespace CleanRoom.Client.Datasets;

/// <summary>Does numbered work two at a time, and takes what comes of it in order: reading and sealing go on while a part is on its way.</summary>
internal static class InOrder
{
    private const int Ahead = 2;

    /// <summary>Does the work 0 to <paramref name="count"/> - 1.</summary>
    /// <param name="count">How much there is.</param>
    /// <param name="start">Begins one.</param>
    /// <param name="take">Takes what came of one.</param>
    /// <returns>Nothing, or the refusals of the first that was refused. None is begun after it; what was under way is still taken.</returns>
    public static async Task<ImmutableArray<Refusal>> RunAsync<T>(int count, Func<int, Task<Result<T>>> start, Func<int, T, ValueTask<Refusal?>> take)
        where T : notnull
    {
        var running = new Queue<(int Index, Task<Result<T>> Work)>();
        var refusals = ImmutableArray<Refusal>.Empty;
        ExceptionDispatchInfo? thrown = null;
        var next = 0;
        while (running.Count > 0 || (next < count && refusals.IsEmpty && thrown is null))
        {
            if (next < count && running.Count < Ahead && refusals.IsEmpty && thrown is null)
            {
                running.Enqueue((next, start(next)));
                next++;
                continue;
            }

            var (index, work) = running.Dequeue();
            try
            {
                var done = await work;
                var refused = done.IsAccepted ? await take(index, done.Value) is { } refusal ? [refusal] : [] : done.Refusals;
                refusals = refusals.IsEmpty ? refused : refusals;
            }
            catch (Exception exception)
            {
                // Said when nothing is under way any more: the caller lets go of what the work uses.
                thrown ??= ExceptionDispatchInfo.Capture(exception);
            }
        }

        thrown?.Throw();
        return refusals;
    }
}
