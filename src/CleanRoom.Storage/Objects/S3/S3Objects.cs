using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using CleanRoom.Storage.Objects.Remote;

namespace CleanRoom.Storage.Objects.S3;

/// <summary>One bucket. Source: Amazon S3 API Reference, 2006-03-01, PutObject and CompleteMultipartUpload with If-None-Match.</summary>
internal sealed class S3Objects(AmazonS3Client client, string bucket, int partBytes) : IRemoteObjects
{
    /// <summary>How often a create is tried that the server calls in conflict with another one under way.</summary>
    private const int Attempts = 5;

    private const string Free = "*";

    public int PartBytes => partBytes;

    public async Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var stream = RemoteContent.StreamOf(content);
            try
            {
                await client.PutObjectAsync(
                    new PutObjectRequest { BucketName = bucket, Key = key, InputStream = stream, IfNoneMatch = Free, AutoCloseStream = false, UseChunkEncoding = false }, cancellationToken);
                return true;
            }
            catch (AmazonS3Exception taken) when (taken.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                return false;
            }
            catch (AmazonS3Exception conflict) when (conflict.StatusCode == HttpStatusCode.Conflict && attempt < Attempts)
            {
                // Another create or delete of this name was under way: S3 asks to try again.
            }
            catch (Exception exception) when (S3Failures.All.AreOf(exception, cancellationToken))
            {
                throw S3Failures.All.Translate(exception, $"create {key}");
            }
        }
    }

    public Task<IPartedObject> BeginAsync(string key, CancellationToken cancellationToken) => S3Failures.All.GuardAsync(
        async () =>
        {
            var begun = await client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = bucket, Key = key }, cancellationToken);
            return (IPartedObject)new Parted(client, bucket, key, begun.UploadId);
        },
        $"begin {key}",
        cancellationToken);

    public async Task<int?> ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetObjectAsync(
                new GetObjectRequest { BucketName = bucket, Key = key, ByteRange = new ByteRange(offset, offset + destination.Length - 1) }, cancellationToken);
            var length = answer.ContentLength;
            if (answer.HttpStatusCode != HttpStatusCode.PartialContent || length > destination.Length)
            {
                throw new StorageException(StorageFailure.Failed, $"wanted bytes {offset} and on of {key}; got an answer with status {(int)answer.HttpStatusCode} and {length} bytes", null);
            }

            return await RemoteContent.ReadAsync(answer.ResponseStream, destination[..(int)length], key, cancellationToken);
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (AmazonS3Exception behind) when (behind.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return 0;
        }
        catch (Exception exception) when (S3Failures.All.AreOf(exception, cancellationToken))
        {
            throw S3Failures.All.Translate(exception, $"read {key}");
        }
    }

    public async Task<long?> LengthAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = bucket, Key = key }, cancellationToken)).ContentLength;
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (Exception exception) when (S3Failures.All.AreOf(exception, cancellationToken))
        {
            throw S3Failures.All.Translate(exception, $"look for {key}");
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => S3Failures.All.GuardAsync(
        () => client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket, Key = key }, cancellationToken), $"remove {key}", cancellationToken);

    public async IAsyncEnumerable<(string Key, long LengthBytes)> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (string? next = null; ;)
        {
            var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix, ContinuationToken = next };
            var page = await S3Failures.All.GuardAsync(() => client.ListObjectsV2Async(request, cancellationToken), $"list {prefix}", cancellationToken);
            foreach (var one in page.S3Objects ?? [])
            {
                yield return (one.Key, one.Size ?? 0);
            }

            next = page.NextContinuationToken;
            if (page.IsTruncated != true || next is null)
            {
                yield break;
            }
        }
    }

    private sealed class Parted(AmazonS3Client client, string bucket, string key, string upload) : IPartedObject
    {
        private readonly List<PartETag> _parts = [];
        private bool _isCommitted;

        public Task AddAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken) => S3Failures.All.GuardAsync(
            async () =>
            {
                using var stream = RemoteContent.StreamOf(part);
                var number = _parts.Count + 1;
                var answer = await client.UploadPartAsync(
                    new UploadPartRequest { BucketName = bucket, Key = key, UploadId = upload, PartNumber = number, InputStream = stream, PartSize = part.Length, UseChunkEncoding = false }, cancellationToken);
                _parts.Add(new PartETag(number, answer.ETag));
                return number;
            },
            $"send a part of {key}",
            cancellationToken);

        public async Task<bool> TryCommitAsync(CancellationToken cancellationToken)
        {
            try
            {
                await client.CompleteMultipartUploadAsync(
                    new CompleteMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = upload, PartETags = _parts, IfNoneMatch = Free }, cancellationToken);
                _isCommitted = true;
                return true;
            }
            catch (AmazonS3Exception taken) when (taken.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                return false;
            }
            catch (AmazonS3Exception conflict) when (conflict.StatusCode == HttpStatusCode.Conflict)
            {
                // S3 asks to send every part again: the caller has the content, not this.
                throw new StorageException(StorageFailure.Locked, $"wanted to be alone in creating {key}; got another create or delete under way", conflict);
            }
            catch (Exception exception) when (S3Failures.All.AreOf(exception, cancellationToken))
            {
                throw S3Failures.All.Translate(exception, $"create {key}");
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_isCommitted)
            {
                return;
            }

            try
            {
                await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = upload }, CancellationToken.None);
            }
            catch (Exception exception) when (S3Failures.All.AreOf(exception, CancellationToken.None))
            {
                // Parts without a name are read by nobody; the bucket's lifecycle rule removes them (infra/docs/runbook.md).
            }
        }
    }
}
