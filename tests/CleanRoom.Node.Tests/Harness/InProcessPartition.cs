using System.Collections.Concurrent;
using CleanRoom.Engine.Running;
using CleanRoom.Grains.Messages;
using CleanRoom.Grains.Partitions;
using CleanRoom.Protocol;
using CleanRoom.Storage;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>A partition grain without a silo: real decryption, real engine.</summary>
internal sealed class InProcessPartition(NodeProcess node, RunLimits limits)
{
    private readonly RunTurns _turns = new(limits);
    private readonly KeptRows _rows = new();

    /// <summary>Gets why engines failed, in their own words: everything here is made up.</summary>
    public ConcurrentQueue<string> Failures { get; } = new();

    public async Task<GrainReply<PartitionRows>> RunAsync(PartitionAssignment assignment, CancellationToken cancellationToken)
    {
        var (machine, engine) = (node.Machine, node.Machine.Engine);
        var services = new PartitionServices(
            node.Services.Keyring, machine.Objects, engine.Runner, engine.Memory, node.Kept, limits, _turns);
        Result<EngineRun> ran;
        try
        {
            ran = await new PartitionRun(services).RunAsync(assignment, cancellationToken);
            if (ran is { IsAccepted: true, Value.Failure: { } failure })
            {
                Failures.Enqueue($"{failure.Kind}: {failure.Detail}");
            }
        }
        catch (StorageException)
        {
            ran = new Refusal(RefusalCode.Unavailable, "a machine that works", "one that does not at present");
        }

        return ran.Then(run => run.Outcome).Then(output => Result.Accept(_rows.Keep(assignment.CorrelationId, output.Encoded.ToArray()))).ToReply();
    }

    public Task<GrainReply<PartitionRows>> RestAsync(string correlationId, int offset) => Task.FromResult(_rows.Rest(correlationId, offset).ToReply());
}
