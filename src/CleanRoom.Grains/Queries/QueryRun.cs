using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Messages;
using CleanRoom.Grains.Partitions;
using CleanRoom.Grains.Telemetry;
using CleanRoom.Policy.Gate;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;
using CleanRoom.Storage.Objects;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Grains.Queries;

/// <summary>Runs one query: charge, prepare, run, gate, seal, commit. Every step may be repeated; the ledger decides what counts.</summary>
/// <remarks>The logic of <see cref="QueryGrain"/> without a silo.</remarks>
/// <param name="services">What runs need from their silo.</param>
/// <param name="room">The query's collaboration.</param>
/// <param name="partition">Finds the grain of a partition.</param>
/// <param name="silos">Says how many silos there are.</param>
/// <param name="logger">Hears of digests, correlation ids and codes alone.</param>
internal sealed partial class QueryRun(
    RunServices services, ICollaborationInternalGrain room, Func<int, IPartitionGrain> partition, Func<int> silos, ILogger logger)
{
    private const int CorrelationBytes = 16;
    private const int CommitTries = 3;
    private const int RunningPercent = 30;
    private const int GatingPercent = 70;

    private static readonly RunProgress _idle = new(string.Empty, 0);

    private readonly RunSealing _sealing = new(services);
    private TaskCompletionSource _changed = Change();
    private readonly PartitionedRun _partitions = new(partition, services.Limits);

    /// <summary>Gets the step that is under way.</summary>
    public RunProgress Progress
    {
        get;
        private set
        {
            field = value;
            Interlocked.Exchange(ref _changed, Change()).SetResult();
        }
    } = _idle;

    /// <summary>Waits until another step is under way than one that was seen, or for a time.</summary>
    public async Task<RunProgress> WatchAsync(RunProgress seen, TimeSpan atMost)
    {
        var changed = Volatile.Read(ref _changed).Task;
        if (Progress == seen)
        {
            await changed.WaitAsync(atMost, services.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        return Progress;
    }

    /// <summary>Runs it, or goes on with the run that is open.</summary>
    /// <param name="query">The query.</param>
    /// <param name="mayRunAgain">The author asked for another run.</param>
    /// <param name="cancellationToken">Stops what is under way; the charge stays.</param>
    public async Task<WorkOutcome> RunAsync(Digest query, bool mayRunAgain, CancellationToken cancellationToken)
    {
        var correlationId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(CorrelationBytes));
        try
        {
            Progress = new RunProgress("charging", 5);
            var begun = (await room.BeginRunAsync(query.ToString(), mayRunAgain)).ToResult();
            if (!begun.TryGet(out var assignment, out var refusals))
            {
                LogNotBegun(query.Abbreviated, refusals[0].Slug);
                return IsPassing(refusals[0].Code) ? WorkOutcome.TryAgain : WorkOutcome.Done;
            }

            LogBegun(correlationId, query.Abbreviated, assignment.ChargeSequence);
            return await RoomMetrics.CountRunAsync(() => RunAsync(assignment, correlationId, cancellationToken));
        }
        catch (StorageException exception)
        {
            LogMachineFailed(exception, correlationId);
            return WorkOutcome.TryAgain;
        }
        finally
        {
            Progress = _idle;
        }
    }

    private static TaskCompletionSource Change() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Deletes a result past its retention.</summary>
    public Task ForgetAsync(ObjectName result) => ForgetAsync(ObjectContainer.Results, [result.ToString()]);

    private async Task ForgetAsync(ObjectContainer container, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            try
            {
                await services.Objects.DeleteAsync(container, ObjectName.Parse(name), CancellationToken.None);
            }
            catch (StorageException exception)
            {
                LogNotForgotten(exception, name);
            }
        }
    }

    private async Task<WorkOutcome> RunAsync(RunAssignment assignment, string correlationId, CancellationToken cancellationToken)
    {
        Progress = new RunProgress("preparing the plan", 10);
        var collaboration = DocumentCodec.Parse<Query>(assignment.Query).Value.Collaboration;
        if (!(await services.Keyring.OpenAsync(collaboration, cancellationToken)).TryGet(out var keys, out var refusals))
        {
            return IsPassing(refusals[0].Code) ? WorkOutcome.TryAgain : await FailAsync(assignment, correlationId, refusals[0]);
        }

        var preparation = await RunPreparation.PrepareAsync(
            assignment, services.Analyzer, keys.Keys.GuestOnly, new RunSizes(services.Limits.RunBytes, silos()), correlationId, cancellationToken);
        if (!preparation.TryGet(out var prepared, out refusals))
        {
            return await FailAsync(assignment, correlationId, refusals[0]);
        }

        Progress = new RunProgress("decrypting the columns and running", RunningPercent);
        var cells = await CellsAsync(prepared, cancellationToken);
        if (!cells.IsAccepted && IsPassing(cells.Refusals[0].Code))
        {
            return WorkOutcome.TryAgain;
        }

        Progress = new RunProgress("deciding what may leave", GatingPercent);
        using var gate = new RunGate(services, prepared, assignment, keys.Keys.GuestOnly);
        var gated = cells.IsAccepted ? await gate.ApplyAsync(cells.Value, cancellationToken) : cells.Refusals;
        if (!gated.TryGet(out var released, out refusals))
        {
            return prepared.Plan.History is not null && await IsSupersededAsync(assignment)
                ? WorkOutcome.TryAgain
                : await FailAsync(assignment, correlationId, refusals[0]);
        }

        var payload = ReleasedArrow.Encode(released);
        Progress = new RunProgress("sealing the answer", 90);
        await _sealing.WaitForScheduleAsync(prepared, cancellationToken);
        var histories = await gate.SaveAsync(cancellationToken);
        if (!(await _sealing.SealAsync(prepared, assignment, payload, histories, gate.Releases, cancellationToken)).TryGet(out var result, out refusals))
        {
            await _sealing.DiscardAsync(histories, CancellationToken.None);
            return await FailAsync(assignment, correlationId, refusals[0]);
        }

        return await CommitAsync(result, assignment, correlationId);
    }

    /// <summary>Runs the partitions: once if numbers of rows decide, else again to count people.</summary>
    private async Task<Result<ImmutableArray<ImmutableArray<CellValue>>>> CellsAsync(PreparedRun prepared, CancellationToken cancellationToken)
    {
        if (prepared.ByRows is not { } byRows)
        {
            return await RunPartitionsAsync(prepared, cancellationToken);
        }

        if (!(await RunPartitionsAsync(prepared with { Assignments = byRows.Assignments }, cancellationToken)).TryGet(out var rows, out var refusals))
        {
            return refusals;
        }

        try
        {
            return byRows.Caps.Decide(rows) is { } decided ? decided : await RunPartitionsAsync(prepared, cancellationToken);
        }
        catch (ArgumentException)
        {
            // The engine's rows are not what the plan asked for: its fault, and the run's end.
            return EngineCells.Refused;
        }
    }

    private Task<Result<ImmutableArray<ImmutableArray<CellValue>>>> RunPartitionsAsync(PreparedRun prepared, CancellationToken cancellationToken) =>
        _partitions.RunAsync(
            prepared,
            ended => Progress = Progress with { Percent = RunningPercent + ((GatingPercent - RunningPercent) * ended / prepared.Assignments.Length) },
            cancellationToken);

    /// <summary>
    /// Says whether another answer was committed since the run began: the state that this run looked for may be gone because it is not the newest
    /// any more. A run that has ended meanwhile counts too; the next try finds out.
    /// </summary>
    private async Task<bool> IsSupersededAsync(RunAssignment assignment) =>
        !(await room.BeginRunAsync(Digest.Of(assignment.Query).ToString(), mayRunAgain: false)).ToResult().TryGet(out var now, out _)
        || !now.Histories.SequenceEqual(assignment.Histories);

    private async Task<WorkOutcome> CommitAsync(RunResult result, RunAssignment assignment, string correlationId)
    {
        var encoded = DocumentCodec.Encode(result);
        var refusals = ImmutableArray<Refusal>.Empty;
        for (var attempt = 0; attempt < CommitTries; attempt++)
        {
            var committed = (await room.CommitAsync(encoded)).ToResult();
            if (committed.IsAccepted)
            {
                LogCommitted(correlationId, committed.Value.Sequence);
                await ForgetAsync(ObjectContainer.Derived, assignment.Histories.Select(history => history.Newest?.Name).OfType<string>());
                return WorkOutcome.Done;
            }

            refusals = committed.Refusals;
            if (refusals[0].Code != RefusalCode.SequenceConflict)
            {
                break;
            }
        }

        LogNotCommitted(correlationId, refusals[0].Slug);
        if (refusals[0].Code == RefusalCode.StorageFailed)
        {
            // Whether the row was stored is not known: the blob stays, and the next try reads the log again.
            return WorkOutcome.TryAgain;
        }

        await _sealing.DiscardAsync(result, CancellationToken.None);
        return IsPassing(refusals[0].Code) ? WorkOutcome.TryAgain : WorkOutcome.Done;
    }

    /// <summary>Ends a charged run without an answer. Everyone but an owner learns the correlation id and nothing else.</summary>
    private async Task<WorkOutcome> FailAsync(RunAssignment assignment, string correlationId, Refusal reason)
    {
        LogFailed(correlationId, reason.Slug);
        var query = DocumentCodec.Parse<Query>(assignment.Query).Value;
        var failure = new RunFailure
        {
            Collaboration = query.Collaboration,
            QueryDigest = Digest.Of(assignment.Query),
            ChargeSequence = assignment.ChargeSequence,
            CorrelationId = correlationId,
        };
        var appended = (await room.AppendAsNodeAsync(DocumentCodec.Encode(failure))).ToResult();
        return appended.IsAccepted || !IsPassing(appended.Refusals[0].Code) ? WorkOutcome.Done : WorkOutcome.TryAgain;
    }

    /// <summary>Says whether a refusal is the machine's, and may be gone later; everything else is final for this run.</summary>
    private static bool IsPassing(RefusalCode code) => code is RefusalCode.SequenceConflict or RefusalCode.ClockWrong
        or RefusalCode.StorageFailed or RefusalCode.Unavailable or RefusalCode.TooManyRequests;
}
