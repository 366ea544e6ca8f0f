using CleanRoom.Attesters.Tpm.Wire;

namespace CleanRoom.Attesters.Tpm;

/// <summary>Gives the TPM to one sequence of commands at a time, and flushes what the sequence left in it.</summary>
/// <remarks>One instance a TPM: attester and sealer share it. A TPM without a resource manager has three places for objects.</remarks>
public sealed class TpmAccess(ITpmTransport transport) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Gets what leads to the TPM, for messages.</summary>
    public string Name => transport.Name;

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>Runs a sequence of commands.</summary>
    /// <exception cref="AttesterException">The TPM cannot be reached, or refused a command that the sequence needs.</exception>
    internal async ValueTask<T> UseAsync<T>(Func<TpmClient, ValueTask<T>> sequence, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await transport.OpenAsync(cancellationToken);
            await using var client = new TpmClient(connection, Name, cancellationToken);
            return await sequence(client);
        }
        finally
        {
            _turn.Release();
        }
    }
}
