namespace CleanRoom.Storage.Objects.AzureBlobs;

/// <summary>Where the container of blobs is and what the store takes.</summary>
public sealed class AzureBlobStoreOptions
{
    /// <summary>Gets the connection string of the storage account. It holds a key or a signature, so it is never printed.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Gets the container. It is not made: who may read it, and how long it keeps what was deleted, is its owner's affair.</summary>
    public required string Container { get; init; }

    /// <summary>Gets what every blob's name begins with.</summary>
    /// <value>Nothing, or <see cref="ObjectPrefix.Form"/>. Default nothing.</value>
    public string Prefix { get; init; } = string.Empty;

    /// <summary>Gets the longest object that is taken.</summary>
    /// <value>Bytes, at least 1. Default 4 GiB.</value>
    public long MaxObjectBytes { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Gets how long one request may take; it is made again three times.</summary>
    /// <value>More than nothing. Default 1 minute.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets the bytes of a block of a long object: what a member uploads, 8 MiB and its frame, goes in one piece. 50,000 blocks, the most that a blob has, of 16 MiB are 781 GiB.</summary>
    internal int PartBytes { get; init; } = 16 << 20;

    /// <inheritdoc/>
    public override string ToString() => $"container {Container}; connection [redacted]";
}
