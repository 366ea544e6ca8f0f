namespace CleanRoom.Grains.Datasets;

/// <summary>How datasets are taken in on a silo.</summary>
public sealed class IngestLimits
{
    /// <summary>Gets how much of a file one partition should hold; a larger file is split by the hash of its unit, into at most 64.</summary>
    /// <value>Bytes of the file as it was uploaded, from 1. Default 512 MiB.</value>
    public long PartitionBytes { get; init; } = 512L << 20;
}
