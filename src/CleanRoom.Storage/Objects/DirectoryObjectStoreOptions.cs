namespace CleanRoom.Storage.Objects;

/// <summary>Where the directory store is and what it takes.</summary>
public sealed class DirectoryObjectStoreOptions
{
    /// <summary>Gets the root directory. It is created, readable by its owner only.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the longest object that is taken.</summary>
    /// <value>Bytes, at least 1. Default 4 GiB.</value>
    public long MaxObjectBytes { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Gets the age from which unfinished writes of a dead process are removed at start.</summary>
    /// <value>Default 1 day: far longer than any single write takes.</value>
    public TimeSpan AbandonedAfter { get; init; } = TimeSpan.FromDays(1);
}
