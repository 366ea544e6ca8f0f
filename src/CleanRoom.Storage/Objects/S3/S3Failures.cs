using System.Net;
using Amazon.Runtime;
using CleanRoom.Storage.Objects.Remote;

namespace CleanRoom.Storage.Objects.S3;

/// <summary>Turns what S3 and its client report into <see cref="StorageException"/>. No text of the server's is passed on.</summary>
internal static class S3Failures
{
    /// <summary>Gets them for <see cref="S3Objects"/>.</summary>
    public static RemoteFailures All { get; } = new(exception => exception is AmazonServiceException or AmazonClientException, Translate);

    private static StorageException Translate(Exception exception, string wanted) => exception switch
    {
        AmazonServiceException { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } =>
            new(StorageFailure.Failed, $"wanted to {wanted}; got an object store that does not permit it to these credentials", exception),
        AmazonServiceException { StatusCode: HttpStatusCode.InsufficientStorage } => new(StorageFailure.Full, $"wanted to {wanted}; got an object store without room", exception),
        AmazonServiceException { StatusCode: HttpStatusCode.NotFound } => new(StorageFailure.Failed, $"wanted to {wanted}; got an object store without this bucket", exception),
        AmazonServiceException { StatusCode: not 0 } service => new(StorageFailure.Failed, $"wanted to {wanted}; got status {(int)service.StatusCode}", exception),
        OperationCanceledException => new(StorageFailure.Failed, $"wanted to {wanted} within the timeout; got no answer", exception),
        _ => new(StorageFailure.Failed, $"wanted to {wanted}; got no connection to the object store, or one that broke", exception),
    };
}
