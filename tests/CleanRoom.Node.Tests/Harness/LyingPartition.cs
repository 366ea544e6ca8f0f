using CleanRoom.Grains.Messages;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>A partition that answers whatever it is told to.</summary>
internal sealed class LyingPartition(byte[] rows)
{
    public Task<GrainReply<byte[]>> RunAsync(PartitionAssignment assignment, CancellationToken cancellationToken) =>
        Task.FromResult(new GrainReply<byte[]> { Value = rows });
}
