using CleanRoom.Attesters.Tpm.Wire;

namespace CleanRoom.Attesters.Tpm;

/// <summary>Sends commands over one connection, and flushes every object and session that they made.</summary>
/// <remarks>For one caller at a time. The commands themselves are extension methods in Commands.</remarks>
internal sealed class TpmClient(ITpmConnection connection, string name, CancellationToken cancellationToken) : IAsyncDisposable
{
    private const int Attempts = 16;

    private readonly Stack<uint> _made = new();

    /// <summary>Gets what leads to the TPM, for messages.</summary>
    public string Name => name;

    /// <summary>Sends a command whose error is for the caller to understand.</summary>
    public async ValueTask<TpmReply> TryAsync(TpmRequest request)
    {
        var reply = await SendOnceAsync(request);
        for (var attempt = 1; attempt < Attempts && IsForLater(reply.Code); attempt++)
        {
            // The TPM did something of its own first, such as writing its clock. Behind the kernel these do not show.
            reply = await SendOnceAsync(request);
        }

        if (reply.IsDone && reply.Handle != 0)
        {
            _made.Push(reply.Handle);
        }

        return reply;
    }

    /// <summary>Sends a command that must succeed.</summary>
    /// <exception cref="AttesterException">The TPM refused it.</exception>
    public async ValueTask<TpmReply> SendAsync(TpmRequest request)
    {
        var reply = await TryAsync(request);
        return reply.IsDone ? reply : throw new AttesterException($"{name}: wanted {request.Command} to succeed, got response code 0x{reply.Code:x3}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            while (_made.TryPop(out var handle))
            {
                using var request = TpmRequest.Plain(TpmCommand.FlushContext);
                request.Parameters.U32(handle);

                // Also when the caller no longer waits: what stays in a TPM is in the way of the next caller.
                await connection.ExchangeAsync(request.ToBytes(), CancellationToken.None);
            }
        }
        catch (AttesterException)
        {
            // The connection is broken, and the sequence has said so. The kernel flushes what it managed for it.
        }
    }

    private static bool IsForLater(uint code) => code is TpmConstants.Yielded or TpmConstants.Testing or TpmConstants.Retry;

    private async ValueTask<TpmReply> SendOnceAsync(TpmRequest request)
    {
        // Between commands, never inside one: an answer that nobody read would be taken for that of the next command.
        cancellationToken.ThrowIfCancellationRequested();
        return TpmReply.Parse(request, await connection.ExchangeAsync(request.ToBytes(), CancellationToken.None));
    }
}
