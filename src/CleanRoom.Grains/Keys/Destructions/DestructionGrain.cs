using System.Collections.Immutable;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace CleanRoom.Grains.Keys.Destructions;

/// <summary>Gives out the certificates of a collaboration that ended; a room that has no keys any more cannot. Key: the collaboration's id.</summary>
[GrainInterfaceType("cleanroom.destruction")]
[Alias("cleanroom.destruction")]
public interface IDestructionGrain : IGrainWithStringKey
{
    /// <summary>Returns the encoded certificates; none for a collaboration that has not ended or is not known.</summary>
    [Alias("read")]
    Task<GrainReply<ImmutableArray<byte[]>>> ReadAsync();
}

/// <summary>The shell around <see cref="DestructionRecords"/>.</summary>
[StatelessWorker]
internal sealed partial class DestructionGrain(DestructionRecords records, ILogger<DestructionGrain> logger) : Grain, IDestructionGrain
{
    public async Task<GrainReply<ImmutableArray<byte[]>>> ReadAsync()
    {
        try
        {
            return Result.Accept(await records.ReadAsync(this.GetPrimaryKeyString(), CancellationToken.None)).ToReply();
        }
        catch (StorageException exception)
        {
            LogStoreFailed(exception, exception.Failure);
            return GrainReplies.Refuse<ImmutableArray<byte[]>>(
                [new Refusal(RefusalCode.StorageFailed, "a store that gives certificates", exception.Failure.ToString().ToLowerInvariant())]);
        }
        finally
        {
            // Ids cost the asker nothing: an activation for each that is made up would cost memory.
            DeactivateOnIdle();
        }
    }

    [LoggerMessage(3423, LogLevel.Error, "The store failed while certificates of destruction were read: {Failure}")]
    private partial void LogStoreFailed(Exception exception, StorageFailure failure);
}
