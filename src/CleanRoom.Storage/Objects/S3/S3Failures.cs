using System.Net;
using Amazon.Runtime;

namespace CleanRoom.Storage.Objects.S3;

/// <summary>Turns what S3 and its client report into <see cref="StorageException"/>. No text of the server's is passed on.</summary>
internal static class S3Failures
{
    /// <summary>Says whether an exception is the server's or its connection's, and not the caller's cancellation.</summary>
    public static bool AreOf(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        AmazonServiceException or AmazonClientException or HttpRequestException or IOException => true,
        _ => false,
    };

    /// <summary>Names the failure.</summary>
    public static StorageException Translate(Exception exception, string wanted) => exception switch
    {
        AmazonServiceException { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } =>
            new(StorageFailure.Failed, $"wanted to {wanted}; got an object store that does not permit it to these credentials", exception),
        AmazonServiceException { StatusCode: HttpStatusCode.InsufficientStorage } => new(StorageFailure.Full, $"wanted to {wanted}; got an object store without room", exception),
        AmazonServiceException { StatusCode: HttpStatusCode.NotFound } => new(StorageFailure.Failed, $"wanted to {wanted}; got an object store without this bucket", exception),
        AmazonServiceException { StatusCode: not 0 } service => new(StorageFailure.Failed, $"wanted to {wanted}; got status {(int)service.StatusCode}", exception),
        OperationCanceledException => new(StorageFailure.Failed, $"wanted to {wanted} within the timeout; got no answer", exception),
        _ => new(StorageFailure.Failed, $"wanted to {wanted}; got no connection to the object store, or one that broke", exception),
    };

    /// <summary>Does a call and translates its failures.</summary>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> call, string wanted, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (AreOf(exception, cancellationToken))
        {
            throw Translate(exception, wanted);
        }
    }
}
