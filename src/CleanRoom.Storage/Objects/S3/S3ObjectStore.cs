using System.Security.Cryptography;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using CleanRoom.Storage.Objects.Remote;

namespace CleanRoom.Storage.Objects.S3;

/// <summary>Opens an object store in a bucket of Amazon S3, or of a server that speaks its protocol.</summary>
public static class S3ObjectStore
{
    private const string Profile = "default";

    /// <summary>Opens the bucket.</summary>
    /// <exception cref="StorageException">The server refuses, or does not keep the first of two writers.</exception>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public static async Task<IObjectStore> OpenAsync(S3ObjectStoreOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var configuration = new AmazonS3Config { Timeout = options.Timeout, MaxErrorRetry = 3 };
        if (options.Endpoint is { } endpoint)
        {
            // Servers other than AWS's own know neither a host for each bucket nor checksums that come behind the content.
            (configuration.ServiceURL, configuration.AuthenticationRegion, configuration.ForcePathStyle) = (endpoint.AbsoluteUri, options.Region, true);
            configuration.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
            configuration.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        }
        else
        {
            configuration.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        var client = options.CredentialsFile is { } file ? new AmazonS3Client(Credentials(file), configuration) : new AmazonS3Client(configuration);
        var remote = new S3Objects(client, options.Bucket, options.PartBytes);
        try
        {
            await RequireFirstWriterAsync(remote, options, cancellationToken);
        }
        catch
        {
            client.Dispose();
            throw;
        }

        return new RemoteObjectStore(remote, options);
    }

    /// <summary>Creates an object twice. There are servers that take If-None-Match and do not heed it: there the last writer would win, in silence.</summary>
    private static async Task RequireFirstWriterAsync(S3Objects remote, S3ObjectStoreOptions options, CancellationToken cancellationToken)
    {
        var probe = $"{options.KeyStart}probe/{RandomNumberGenerator.GetHexString(ObjectName.TextLength, lowercase: true)}";
        var isFirst = await remote.TryCreateAsync(probe, "first"u8.ToArray(), cancellationToken);
        try
        {
            if (!isFirst || await remote.TryCreateAsync(probe, "other"u8.ToArray(), cancellationToken))
            {
                throw new StorageException(
                    StorageFailure.Failed, $"wanted a server that keeps the first of two writers (If-None-Match: * at PUT); got one at bucket {options.Bucket} that took both", null);
            }
        }
        finally
        {
            await remote.DeleteAsync(probe, CancellationToken.None);
        }
    }

    private static AWSCredentials Credentials(string path)
    {
        try
        {
            var file = new SharedCredentialsFile(path);
            if (file.TryGetProfile(Profile, out var profile) && AWSCredentialsFactory.TryGetAWSCredentials(profile, file, out var credentials))
            {
                return credentials;
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or AmazonClientException)
        {
            // The client quotes the line that it cannot read, and that may be a secret.
        }

        throw new ArgumentException($"wanted credentials with a profile [{Profile}] in {path}; got none", nameof(path));
    }
}
