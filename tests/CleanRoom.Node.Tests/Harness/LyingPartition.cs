using CleanRoom.Grains.Messages;
using CleanRoom.Grains.Partitions;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>A partition that answers whatever it is told to.</summary>
internal sealed class LyingPartition(byte[] rows) : IPartitionGrain
{
    public Task<GrainReply<byte[]>> RunAsync(PartitionAssignment assignment, CancellationToken cancellationToken) =>
        Task.FromResult(new GrainReply<byte[]> { Value = rows });
}
