namespace CleanRoom.Grains.Partitions;

/// <summary>What runs may use on a silo.</summary>
public sealed class RunLimits
{
    /// <summary>Gets the memory of one engine process.</summary>
    /// <value>Bytes, from 16 MiB. Default 1 GiB.</value>
    public long EngineMemoryBytes { get; init; } = 1L << 30;

    /// <summary>Gets the time of one engine process; it is killed then.</summary>
    /// <value>Default 5 minutes.</value>
    public TimeSpan EngineWallClock { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets the threads of one engine process.</summary>
    /// <value>1 to 256. Default: the processors of the machine.</value>
    public int EngineThreads { get; init; } = Math.Min(256, Environment.ProcessorCount);

    /// <summary>Gets the most bytes of rows that an engine may give before the gate.</summary>
    /// <value>Bytes, 1 to 256 MiB. Default 64 MiB.</value>
    public int EngineOutputBytes { get; init; } = 64 << 20;

    /// <summary>Gets the most rows that an engine may give before the gate.</summary>
    /// <value>From 1. Default 1,000,000.</value>
    public int EngineOutputRows { get; init; } = 1_000_000;

    /// <summary>Gets the most bytes of decrypted columns at once, over all runs.</summary>
    /// <value>Bytes. Default 4 GiB.</value>
    public long DecryptedBytes { get; init; } = 4L << 30;

    /// <summary>Gets the most bytes of decrypted columns that are kept for the next run of their collaboration.</summary>
    /// <value>Bytes, part of <see cref="DecryptedBytes"/>; 0 to keep none. Default 1 GiB.</value>
    public long KeptBytes { get; init; } = 1L << 30;

    /// <summary>Gets how long decrypted columns are kept after their last use.</summary>
    /// <value>Default 10 minutes.</value>
    public TimeSpan KeptFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets how many engines run at once; others wait their turn.</summary>
    /// <value>From 1. Default 2.</value>
    public int ConcurrentRuns { get; init; } = 2;

    /// <summary>Gets how many runs of one room may wait for their turn; a further one is refused at once and tried again later.</summary>
    /// <value>From 1. Default 32.</value>
    public int WaitingRuns { get; init; } = 32;

    /// <summary>Gets how many bytes of columns one engine should read of datasets that are split; a query of more runs in parts.</summary>
    /// <value>Bytes, from 1. Default 1 GiB.</value>
    public long RunBytes { get; init; } = 1L << 30;

    /// <summary>Gets how many partitions of one run are under way at once, over all silos.</summary>
    /// <value>From 1. Default 8.</value>
    public int PartitionsAtOnce { get; init; } = 8;
}
