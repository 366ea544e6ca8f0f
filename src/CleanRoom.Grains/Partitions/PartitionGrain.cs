using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Running;
using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Messages;
using CleanRoom.Grains.Telemetry;
using CleanRoom.Protocol;
using CleanRoom.Storage;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Grains.Partitions;

/// <summary>The shell around <see cref="PartitionRun"/>. Reentrant, so that a cancellation reaches a run that is under way.</summary>
[Orleans.Concurrency.Reentrant]
[SpreadOverSilos]
internal sealed partial class PartitionGrain(PartitionServices services, ILogger<PartitionGrain> logger) : Grain, IPartitionGrain
{
    private readonly PartitionRun _run = new(services);
    private readonly KeptRows _rows = new();

    public async Task<GrainReply<PartitionRows>> RunAsync(PartitionAssignment assignment, CancellationToken cancellationToken)
    {
        Result<EngineRun> ran;
        try
        {
            // In the grain's own turn: a peer hands a secret to a grain of a silo, and to no thread beside it. The run says what came of it.
            await services.Keyring.OpenAsync(assignment.Collaboration, cancellationToken);

            // Off the grain's scheduler: decryption is work for a processor.
            ran = await Task.Run(() => _run.RunAsync(assignment, cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (exception is StorageException or EngineUnavailableException)
        {
            LogMachineFailed(exception, assignment.CorrelationId);
            ran = new Refusal(RefusalCode.Unavailable, "a machine that works", "one that does not at present");
        }

        if (!ran.TryGet(out var run, out var refusals))
        {
            LogNotStarted(assignment.CorrelationId, refusals[0].Slug);
            return GrainReplies.Refuse<PartitionRows>(refusals);
        }

        if (run.Failure is { } failure)
        {
            // The kind alone: the detail may hold row values.
            LogFailed(assignment.CorrelationId, failure.Kind);
            RoomMetrics.EngineFailed(failure.Kind);
        }

        return run.Outcome.Then(output => Result.Accept(_rows.Keep(assignment.CorrelationId, output.Encoded.ToArray()))).ToReply();
    }

    public Task<GrainReply<PartitionRows>> RestAsync(string correlationId, int offset) => Task.FromResult(_rows.Rest(correlationId, offset).ToReply());

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _rows.Forget();
        return Task.CompletedTask;
    }
}
