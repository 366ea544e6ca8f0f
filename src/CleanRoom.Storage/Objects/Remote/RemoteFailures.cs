namespace CleanRoom.Storage.Objects.Remote;

/// <summary>Tells a server's failures from the caller's, and names them. No text of the server's is passed on.</summary>
/// <param name="isClients">Says whether an exception is of the kind that the server's client throws.</param>
/// <param name="translate">Names a failure; the text says what was wanted.</param>
internal sealed class RemoteFailures(Func<Exception, bool> isClients, Func<Exception, string, StorageException> translate)
{
    /// <summary>Says whether an exception is the server's or its connection's, and not the caller's cancellation.</summary>
    public bool AreOf(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        AggregateException { InnerExceptions: var all } => all.All(one => AreOf(one, cancellationToken)),
        HttpRequestException or IOException => true,
        _ => isClients(exception),
    };

    /// <summary>Names the failure.</summary>
    public StorageException Translate(Exception exception, string wanted) => translate(exception, wanted);

    /// <summary>Does a call and translates its failures.</summary>
    public async Task<T> GuardAsync<T>(Func<Task<T>> call, string wanted, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (AreOf(exception, cancellationToken))
        {
            throw translate(exception, wanted);
        }
    }
}
