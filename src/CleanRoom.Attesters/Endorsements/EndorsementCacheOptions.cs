namespace CleanRoom.Attesters.Endorsements;

/// <summary>Limits of an <see cref="EndorsementCache"/>.</summary>
public sealed class EndorsementCacheOptions
{
    /// <summary>Gets the folder; it is made when it is not there.</summary>
    public required DirectoryInfo Folder { get; init; }

    /// <summary>Gets the most entries.</summary>
    /// <value>From 1. Default 256.</value>
    public int MaxEntries { get; init; } = 256;

    /// <summary>Gets the most bytes of all entries together.</summary>
    /// <value>Bytes, from 1. Default 33,554,432.</value>
    public long MaxTotalBytes { get; init; } = 32 * 1024 * 1024;
}
