using System.Buffers.Binary;

namespace CleanRoom.Attesters.Tpm.Wire;

/// <summary>TPM commands and answers on a stream: the bytes of the device, or of a TCP connection to a software TPM.</summary>
internal sealed class TpmStreamConnection(Stream stream, string name) : ITpmConnection
{
    private const int HeaderBytes = 10;
    private const int SizeOffset = 2;

    /// <inheritdoc/>
    public async ValueTask<byte[]> ExchangeAsync(ReadOnlyMemory<byte> command, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(command, cancellationToken);
            await stream.FlushAsync(cancellationToken);

            // The device gives a whole answer to one read and nothing to a second one; a connection may give it in pieces.
            var buffer = new byte[TpmWriter.MaxBytes];
            var got = 0;
            var size = HeaderBytes;
            while (got < size)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(got), cancellationToken);
                if (read == 0)
                {
                    throw new AttesterException($"{name}: wanted an answer of {size} bytes or more, got {got}");
                }

                got += read;
                size = got < HeaderBytes ? size : CheckedSize(buffer);
            }

            return got == size ? buffer[..size] : throw new AttesterException($"{name}: wanted an answer of {size} bytes, got {got}");
        }
        catch (IOException exception) when (exception is not AttesterException)
        {
            throw new AttesterException($"{name}: wanted an answer to a tpm command, got an error of the device", exception);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private int CheckedSize(ReadOnlySpan<byte> answer)
    {
        var size = BinaryPrimitives.ReadUInt32BigEndian(answer[SizeOffset..]);
        return size is >= HeaderBytes and <= TpmWriter.MaxBytes
            ? (int)size
            : throw new AttesterException($"{name}: wanted an answer of {HeaderBytes} to {TpmWriter.MaxBytes} bytes, got one that says {size}");
    }
}
