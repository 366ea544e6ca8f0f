using System.Collections.Immutable;
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
        Task? failed = null;
        var next = 0;
        while (running.Count > 0 || (next < count && refusals.IsEmpty && failed is null))
        {
            if (next < count && running.Count < Ahead && refusals.IsEmpty && failed is null)
            {
                running.Enqueue((next, start(next)));
                next++;
                continue;
            }

            // A failure is said when nothing is under way any more: the caller lets go of what the work uses.
            var (index, work) = running.Dequeue();
            var taken = TakeAsync(index, work);
            await ((Task)taken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (!taken.IsCompletedSuccessfully)
            {
                failed ??= taken;
            }
            else if (refusals.IsEmpty)
            {
                refusals = await taken;
            }
        }

        if (failed is not null)
        {
            await failed;
        }

        return refusals;

        async Task<ImmutableArray<Refusal>> TakeAsync(int index, Task<Result<T>> work)
        {
            var done = await work;
            return !done.IsAccepted ? done.Refusals : await take(index, done.Value) is { } refusal ? [refusal] : [];
        }
    }
}
