using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Messages;

namespace CleanRoom.Grains.Partitions;

/// <summary>Runs generated SQL over one hash partition, on a silo that holds the collaboration's keys. Key: any, one a run.</summary>
[GrainInterfaceType("cleanroom.partition")]
[Alias("cleanroom.partition")]
public interface IPartitionGrain : IGrainWithStringKey, IInternalGrain
{
    /// <summary>Decrypts what the columns need, runs, and returns the encoded rows of the engine, which nobody trusts yet.</summary>
    [Alias("run")]
    [ResponseTimeout("01:00:00")]
    Task<GrainReply<byte[]>> RunAsync(PartitionAssignment assignment, CancellationToken cancellationToken);
}
