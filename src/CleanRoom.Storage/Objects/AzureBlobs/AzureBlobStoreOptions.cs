using CleanRoom.Storage.Objects.Remote;

namespace CleanRoom.Storage.Objects.AzureBlobs;

/// <summary>Where the container of blobs is and what the store takes.</summary>
public sealed class AzureBlobStoreOptions : RemoteStoreOptions
{
    /// <summary>Gets the connection string of the storage account. It holds a key or a signature, so it is never printed.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Gets the container. It is not made: who may read it, and how long it keeps what was deleted, is its owner's affair.</summary>
    public required string Container { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"container {Container}; connection [redacted]";

    /// <summary>Checks ranges.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    internal void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(ConnectionString);
        ArgumentException.ThrowIfNullOrEmpty(Container);
        CheckShared();
    }
}
