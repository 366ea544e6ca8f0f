using Azure.Storage.Blobs;
using CleanRoom.Storage.Objects.Remote;

namespace CleanRoom.Storage.Objects.AzureBlobs;

/// <summary>Opens an object store in a container of Azure Blob Storage.</summary>
public static class AzureBlobStore
{
    private static readonly TimeSpan _firstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _longestDelay = TimeSpan.FromSeconds(5);

    /// <summary>Opens the container.</summary>
    /// <exception cref="StorageException">The server refuses, or has no such container.</exception>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public static async Task<IObjectStore> OpenAsync(AzureBlobStoreOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var blobs = new AzureBlobObjects(Connect(options), options.PartBytes);
        await blobs.RequireContainerAsync(cancellationToken);
        return new RemoteObjectStore(blobs, options);
    }

    private static BlobContainerClient Connect(AzureBlobStoreOptions options)
    {
        var client = new BlobClientOptions { Retry = { MaxRetries = 3, Delay = _firstDelay, MaxDelay = _longestDelay, NetworkTimeout = options.Timeout } };
        try
        {
            return new BlobContainerClient(options.ConnectionString, options.Container, client);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            // The client quotes what it cannot read, and that may be a key.
            throw new ArgumentException("wanted a connection string of Azure Storage and the name of a container", nameof(options));
        }
    }
}
