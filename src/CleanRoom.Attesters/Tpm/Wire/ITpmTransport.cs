namespace CleanRoom.Attesters.Tpm.Wire;

/// <summary>A way to a TPM.</summary>
public interface ITpmTransport
{
    /// <summary>Gets what it leads to, for messages: a path or an address.</summary>
    string Name { get; }

    /// <summary>Opens a connection. The caller disposes it.</summary>
    /// <exception cref="AttesterException">There is no TPM at its end.</exception>
    ValueTask<ITpmConnection> OpenAsync(CancellationToken cancellationToken);
}

/// <summary>An open way to a TPM, for one caller at a time.</summary>
public interface ITpmConnection : IAsyncDisposable
{
    /// <summary>Sends one whole command and returns the whole answer, which has 10 to 4,096 bytes.</summary>
    /// <exception cref="AttesterException">The device did not answer, or its answer has another length.</exception>
    ValueTask<byte[]> ExchangeAsync(ReadOnlyMemory<byte> command, CancellationToken cancellationToken);
}
