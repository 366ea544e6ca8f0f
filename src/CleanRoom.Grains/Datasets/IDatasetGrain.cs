using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Messages;

namespace CleanRoom.Grains.Datasets;

/// <summary>One dataset version on its way in. Key: <see cref="GrainKeys"/> of the manifest.</summary>
[GrainInterfaceType("cleanroom.dataset")]
[Alias("cleanroom.dataset")]
public interface IDatasetGrain : IGrainWithStringKey
{
    /// <summary>Says how far the ingest is, and gives the report once there is one.</summary>
    [Alias("view")]
    Task<IngestView> ViewAsync();
}

/// <summary>What the collaboration grain tells it.</summary>
[GrainInterfaceType("cleanroom.dataset.internal")]
[Alias("cleanroom.dataset.internal")]
public interface IDatasetInternalGrain : IGrainWithStringKey, IInternalGrain
{
    /// <summary>Takes the dataset in, unless that is under way.</summary>
    [Alias("start")]
    [Orleans.Concurrency.OneWay]
    Task StartAsync();

    /// <summary>Stops what is under way and removes the stored objects of a version that was withdrawn or not carried over.</summary>
    /// <param name="manifest">The encoded manifest.</param>
    /// <param name="ingest">The encoded ingest statement; empty for none.</param>
    /// <param name="history">The name of the sealed memory of answers about it; empty for none.</param>
    [Alias("forget")]
    [Orleans.Concurrency.OneWay]
    Task ForgetAsync(byte[] manifest, byte[] ingest, string history);
}
