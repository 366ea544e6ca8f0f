using System.Collections.Immutable;
using CleanRoom.Engine.Results;
using CleanRoom.Grains.Partitions;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Partitions;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;

namespace CleanRoom.Grains.Queries;

/// <summary>Runs the partitions of a query, some at once, and adds their rows up. The first that fails ends the others.</summary>
/// <param name="partition">Finds the grain of the partitions from one on, of <see cref="DatasetPartitions.Most"/>. Called in the turn of the caller's grain.</param>
/// <param name="limits">How many at once, and how many rows.</param>
internal sealed class PartitionedRun(Func<int, IPartitionGrain> partition, RunLimits limits)
{
    /// <summary>Runs them.</summary>
    /// <param name="run">The run.</param>
    /// <param name="done">Told how many partitions have ended, each time that one has.</param>
    /// <param name="cancellationToken">Kills the engines.</param>
    /// <returns>
    /// The rows of the plan; or <see cref="RefusalCode.QueryFailed"/> for rows that are not, and else what the first partition that did not run says.
    /// </returns>
    public async Task<Result<ImmutableArray<ImmutableArray<CellValue>>>> RunAsync(PreparedRun run, Action<int> done, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var partials = new ImmutableArray<ImmutableArray<CellValue>>[run.Assignments.Length];
        var (next, ended) = (0, 0);
        ImmutableArray<Refusal> failed = [];

        // All in the turns of the caller's grain: no two of them at the same time.
        async Task WorkAsync()
        {
            while (next < partials.Length && failed.IsEmpty)
            {
                var index = next++;
                if (!(await RowsAsync(run, index, stop.Token)).TryGet(out var rows, out var refusals))
                {
                    failed = failed.IsEmpty ? refusals : failed;
                    await stop.CancelAsync();
                    return;
                }

                partials[index] = rows;
                done(++ended);
            }
        }

        try
        {
            await Task.WhenAll(Enumerable.Range(0, Math.Min(limits.PartitionsAtOnce, partials.Length)).Select(_ => WorkAsync()));
        }
        catch (OperationCanceledException) when (!failed.IsEmpty)
        {
            // The others, which the first one ended.
        }

        return failed.IsEmpty ? Add(run, [.. partials]) : failed;
    }

    private static Result<ImmutableArray<ImmutableArray<CellValue>>> Add(PreparedRun run, ImmutableArray<ImmutableArray<ImmutableArray<CellValue>>> partials)
    {
        try
        {
            return run.Partitions is { } partitions ? PartialRows.Add(run.Plan, partitions, partials) : partials[0];
        }
        catch (ArgumentException)
        {
            // The engines' rows are not what the plan asked for: their fault, and the run's end.
            return EngineCells.Refused;
        }
    }

    private async Task<Result<ImmutableArray<ImmutableArray<CellValue>>>> RowsAsync(PreparedRun run, int index, CancellationToken cancellationToken)
    {
        var (grain, assignment) = (partition(index * (DatasetPartitions.Most / run.Assignments.Length)), run.Assignments[index]);
        var piece = (await grain.RunAsync(assignment, cancellationToken)).ToResult();
        byte[]? encoded = null;
        var taken = 0;
        while (piece.TryGet(out var rows, out _))
        {
            encoded ??= new byte[Math.Min(rows.TotalBytes, limits.EngineOutputBytes)];
            if (rows.TotalBytes != encoded.Length || rows.Bytes.Length == 0 || rows.Bytes.Length > encoded.Length - taken)
            {
                return EngineCells.Refused;
            }

            rows.Bytes.CopyTo(encoded, taken);
            taken += rows.Bytes.Length;
            if (taken == encoded.Length)
            {
                return EngineRows.Read(encoded, limits.EngineOutputRows).Then(read => EngineCells.Of(run.Plan, read));
            }

            piece = (await grain.RestAsync(assignment.CorrelationId, taken)).ToResult();
        }

        return piece.Refusals;
    }
}
