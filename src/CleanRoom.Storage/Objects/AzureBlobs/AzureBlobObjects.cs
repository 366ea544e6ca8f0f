using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using CleanRoom.Storage.Objects.Remote;

namespace CleanRoom.Storage.Objects.AzureBlobs;

/// <summary>One container of block blobs. Source: Azure Storage REST API, Put Blob, Put Block and Put Block List with If-None-Match.</summary>
internal sealed class AzureBlobObjects(BlobContainerClient container, int partBytes) : IRemoteObjects
{
    private static readonly BlobRequestConditions _free = new() { IfNoneMatch = ETag.All };
    private static readonly RemoteFailures _failures = new(exception => exception is RequestFailedException, Translate);

    public int PartBytes => partBytes;

    /// <summary>Asks whether the container is there.</summary>
    public async Task RequireContainerAsync(CancellationToken cancellationToken)
    {
        if (!(await _failures.GuardAsync(() => container.ExistsAsync(cancellationToken), $"find the container {container.Name}", cancellationToken)).Value)
        {
            throw new StorageException(StorageFailure.Failed, $"wanted a container {container.Name}; got a storage account without it", null);
        }
    }

    public async Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var stream = RemoteContent.StreamOf(content);
        try
        {
            await container.GetBlockBlobClient(key).UploadAsync(stream, new BlobUploadOptions { Conditions = _free }, cancellationToken);
            return true;
        }
        catch (RequestFailedException taken) when (IsTaken(taken))
        {
            return false;
        }
        catch (Exception exception) when (_failures.AreOf(exception, cancellationToken))
        {
            throw _failures.Translate(exception, $"create {key}");
        }
    }

    public Task<IPartedObject> BeginAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult<IPartedObject>(new Parted(container.GetBlockBlobClient(key), key));

    public async Task<int?> ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = (await container.GetBlobClient(key).DownloadStreamingAsync(
                new BlobDownloadOptions { Range = new HttpRange(offset, destination.Length) }, cancellationToken)).Value;
            var length = answer.Details.ContentLength;
            if (length > destination.Length)
            {
                throw new StorageException(StorageFailure.Failed, $"wanted at most {destination.Length} bytes of {key}; got an answer of {length}", null);
            }

            return await RemoteContent.ReadAsync(answer.Content, destination[..(int)length], key, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.Status == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (RequestFailedException behind) when (behind.Status == (int)HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return 0;
        }
        catch (Exception exception) when (_failures.AreOf(exception, cancellationToken))
        {
            throw _failures.Translate(exception, $"read {key}");
        }
    }

    public async Task<long?> LengthAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return (await container.GetBlobClient(key).GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ContentLength;
        }
        catch (RequestFailedException missing) when (missing.Status == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (Exception exception) when (_failures.AreOf(exception, cancellationToken))
        {
            throw _failures.Translate(exception, $"look for {key}");
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        _failures.GuardAsync(() => container.GetBlobClient(key).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken), $"remove {key}", cancellationToken);

    public async IAsyncEnumerable<(string Key, long LengthBytes)> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var blobs = container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await _failures.GuardAsync(() => blobs.MoveNextAsync().AsTask(), $"list {prefix}", cancellationToken))
        {
            yield return (blobs.Current.Name, blobs.Current.Properties.ContentLength ?? 0);
        }
    }

    private static bool IsTaken(RequestFailedException exception) =>
        exception.Status == (int)HttpStatusCode.PreconditionFailed || exception.ErrorCode == BlobErrorCode.BlobAlreadyExists;

    private static StorageException Translate(Exception exception, string wanted) => exception switch
    {
        RequestFailedException { Status: (int)HttpStatusCode.Forbidden or (int)HttpStatusCode.Unauthorized } =>
            new(StorageFailure.Failed, $"wanted to {wanted}; got an object store that does not permit it to this connection", exception),
        RequestFailedException { Status: (int)HttpStatusCode.InsufficientStorage } => new(StorageFailure.Full, $"wanted to {wanted}; got an object store without room", exception),
        RequestFailedException { Status: > 0 } refused => new(StorageFailure.Failed, $"wanted to {wanted}; got status {refused.Status}", exception),
        _ => new(StorageFailure.Failed, $"wanted to {wanted}; got no connection to the object store, or one that broke", exception),
    };

    /// <summary>A blob's blocks. Its uncommitted blocks are one list for all who write under its name, so each writer's have names of their own.</summary>
    private sealed class Parted(BlockBlobClient blob, string key) : IPartedObject
    {
        private const int WriterBytes = 16;

        private readonly string _writer = RandomNumberGenerator.GetHexString(2 * WriterBytes, lowercase: true);
        private readonly List<string> _blocks = [];

        public async Task AddAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
        {
            using var stream = RemoteContent.StreamOf(part);
            var name = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"{_writer}{_blocks.Count:x8}"));
            await _failures.GuardAsync(() => blob.StageBlockAsync(name, stream, cancellationToken: cancellationToken), $"send a part of {key}", cancellationToken);
            _blocks.Add(name);
        }

        public async Task<bool> TryCommitAsync(CancellationToken cancellationToken)
        {
            try
            {
                await blob.CommitBlockListAsync(_blocks, new CommitBlockListOptions { Conditions = _free }, cancellationToken);
                return true;
            }
            catch (RequestFailedException taken) when (IsTaken(taken) || taken.ErrorCode == BlobErrorCode.InvalidBlockList)
            {
                // The commit of another writer gives up the blocks of all others: then the list is what the server finds wrong first.
                return await blob.ExistsAsync(cancellationToken)
                    ? false
                    : throw new StorageException(StorageFailure.Locked, $"wanted to be alone in creating {key}; got its parts given up by another writer", taken);
            }
            catch (Exception exception) when (_failures.AreOf(exception, cancellationToken))
            {
                throw _failures.Translate(exception, $"create {key}");
            }
        }

        /// <summary>Blocks that no list names are read by nobody; the server removes them after a week.</summary>
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
