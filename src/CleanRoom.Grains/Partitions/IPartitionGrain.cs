using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Messages;

namespace CleanRoom.Grains.Partitions;

/// <summary>
/// Runs generated SQL over one partition of a collaboration's datasets, on a silo that holds its keys. Key: <see cref="GrainKeys.OfPartition"/>, so that
/// the next run of the partition is where its columns are in clear already.
/// </summary>
[GrainInterfaceType("cleanroom.partition")]
[Alias("cleanroom.partition")]
public interface IPartitionGrain : IGrainWithStringKey, IInternalGrain
{
    /// <summary>Decrypts what the columns need, runs, and returns the first of the encoded rows of the engine, which nobody trusts yet.</summary>
    [Alias("run")]
    [ResponseTimeout("01:00:00")]
    Task<GrainReply<PartitionRows>> RunAsync(PartitionAssignment assignment, CancellationToken cancellationToken);

    /// <summary>Returns more of the rows of the last run; once all are asked for the partition forgets them.</summary>
    /// <returns>The bytes from there on; or <see cref="Protocol.RefusalCode.Unavailable"/> where the run that had them is gone.</returns>
    [Alias("rest")]
    Task<GrainReply<PartitionRows>> RestAsync(string correlationId, int offset);
}
