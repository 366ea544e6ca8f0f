using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Engine.Results;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Messages;
using CleanRoom.Grains.Partitions;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.Noise;
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
/// <param name="logger">Hears of digests, correlation ids and codes alone.</param>
internal sealed partial class QueryRun(
    RunServices services, ICollaborationInternalGrain room, Func<int, IPartitionGrain> partition, ILogger logger)
{
    private const int CorrelationBytes = 16;
    private const int CommitTries = 3;

    private static readonly RunProgress _idle = new(string.Empty, 0);

    private readonly RunSealing _sealing = new(services);

    /// <summary>Gets the step that is under way.</summary>
    public RunProgress Progress { get; private set; } = _idle;

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
            return await RunAsync(assignment, correlationId, cancellationToken);
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

    /// <summary>Deletes a result past its retention.</summary>
    public async Task ForgetAsync(ObjectName result, CancellationToken cancellationToken)
    {
        try
        {
            await services.Objects.DeleteAsync(ObjectContainer.Results, result, cancellationToken);
        }
        catch (StorageException exception)
        {
            LogNotForgotten(exception, result.ToString());
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

        var preparation = await RunPreparation.PrepareAsync(assignment, services.Analyzer, keys.Keys.GuestOnly, correlationId, cancellationToken);
        if (!preparation.TryGet(out var prepared, out refusals))
        {
            return await FailAsync(assignment, correlationId, refusals[0]);
        }

        Progress = new RunProgress("decrypting the columns and running", 30);
        var rows = (await partition(prepared.Partition.Inputs[0].Partition).RunAsync(prepared.Partition, cancellationToken)).ToResult();
        if (!rows.IsAccepted && IsPassing(rows.Refusals[0].Code))
        {
            return WorkOutcome.TryAgain;
        }

        Progress = new RunProgress("deciding what may leave", 70);
        using var seed = RunSeeds.Noise(keys.Keys.GuestOnly, Digest.Parse(assignment.ChargeLeaf));
        var cells = rows.Then(bytes => EngineRows.Read(bytes, services.Limits.EngineOutputRows)).Then(read => EngineCells.Of(prepared.Plan, read));
        if (!cells.Then(values => Gate(prepared.Plan, values, seed)).TryGet(out var released, out refusals))
        {
            return await FailAsync(assignment, correlationId, refusals[0]);
        }

        var payload = ReleasedArrow.Encode(released);
        Progress = new RunProgress("sealing the answer", 90);
        await _sealing.WaitForScheduleAsync(prepared, cancellationToken);
        if (!(await _sealing.SealAsync(prepared, assignment, payload, cancellationToken)).TryGet(out var result, out refusals))
        {
            return await FailAsync(assignment, correlationId, refusals[0]);
        }

        return await CommitAsync(result, correlationId);
    }

    private static Result<ReleasedTable> Gate(QueryPlan plan, ImmutableArray<ImmutableArray<CellValue>> rows, SecretBytes seed)
    {
        try
        {
            if (plan.Noise is null)
            {
                return ThresholdGate.Apply(plan, rows);
            }

            using var noise = new NoiseSeed(seed.Span);
            return NoiseGate.Apply(plan, rows, noise);
        }
        catch (ArgumentException)
        {
            // The engine's rows are not what the plan asked for: its fault, and the run's end.
            return EngineCells.Refused;
        }
    }

    private async Task<WorkOutcome> CommitAsync(RunResult result, string correlationId)
    {
        var encoded = DocumentCodec.Encode(result);
        var refusals = ImmutableArray<Refusal>.Empty;
        for (var attempt = 0; attempt < CommitTries; attempt++)
        {
            var committed = (await room.CommitAsync(encoded)).ToResult();
            if (committed.IsAccepted)
            {
                LogCommitted(correlationId, committed.Value.Sequence);
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
