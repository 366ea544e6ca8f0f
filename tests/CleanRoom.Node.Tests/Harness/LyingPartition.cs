using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>A partition that answers whatever it is told to.</summary>
internal sealed class LyingPartition(PartitionRows first, PartitionRows? rest = null)
{
    public LyingPartition(byte[] rows)
        : this(new PartitionRows(rows, rows.Length))
    {
    }

    public Task<GrainReply<PartitionRows>> RunAsync(PartitionAssignment assignment, CancellationToken cancellationToken) => Task.FromResult(Result.Accept(first).ToReply());

    public Task<GrainReply<PartitionRows>> RestAsync(string correlationId, int offset) => Task.FromResult(Result.Accept(rest ?? first).ToReply());
}
