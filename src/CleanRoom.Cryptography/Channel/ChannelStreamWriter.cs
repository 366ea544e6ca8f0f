namespace CleanRoom.Cryptography.Channel;

/// <summary>Writes a streamed response as numbered, sealed frames. Not safe for concurrent calls.</summary>
/// <remarks>
/// Disposed without <see cref="CompleteAsync"/>, it leaves a stream that the client refuses as cut: that is how a failure is
/// told. Spec: contracts/spec/0011 s.4.
/// </remarks>
public sealed class ChannelStreamWriter : IDisposable
{
    private readonly ICryptoBackend _backend;
    private readonly ChannelKeys _keys;
    private readonly Stream _output;
    private readonly byte[] _nonce;
    private uint _next;
    private bool _isComplete;

    private ChannelStreamWriter(ICryptoBackend backend, ChannelKeys keys, Stream output)
    {
        (_backend, _keys, _output) = (backend, keys, output);
        _nonce = new byte[AesGcmFormat.NonceBytes];
        keys.Nonce.Span.CopyTo(_nonce);
    }

    /// <summary>Writes data and flushes it.</summary>
    /// <param name="data">Split where it is longer than a frame.</param>
    /// <param name="cancellationToken">Stops between frames.</param>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (data.Length > ChannelFormat.MaxFramePlaintextBytes)
        {
            await WriteFrameAsync(data[..ChannelFormat.MaxFramePlaintextBytes], isLast: false, cancellationToken);
            data = data[ChannelFormat.MaxFramePlaintextBytes..];
        }

        await WriteFrameAsync(data, isLast: false, cancellationToken);
        await _output.FlushAsync(cancellationToken);
    }

    /// <summary>Ends the stream; nothing can be written after it.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        await WriteFrameAsync(ReadOnlyMemory<byte>.Empty, isLast: true, cancellationToken);
        await _output.FlushAsync(cancellationToken);
    }

    /// <summary>Zeroes the keys; does not close the output.</summary>
    public void Dispose() => _keys.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";

    /// <summary>Writes type byte, response nonce and the head frame.</summary>
    internal static async ValueTask<ChannelStreamWriter> StartAsync(
        ICryptoBackend backend,
        ChannelKeys keys,
        ReadOnlyMemory<byte> responseNonce,
        int status,
        string contentType,
        Stream output,
        CancellationToken cancellationToken)
    {
        var writer = new ChannelStreamWriter(backend, keys, output);
        try
        {
            var head = ChannelMessages.EncodeHead(status, contentType);
            await output.WriteAsync(new[] { ChannelFormat.Stream }, cancellationToken);
            await output.WriteAsync(responseNonce, cancellationToken);
            await writer.WriteAsync(head, cancellationToken);
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private async ValueTask WriteFrameAsync(ReadOnlyMemory<byte> plaintext, bool isLast, CancellationToken cancellationToken)
    {
        if (_isComplete)
        {
            throw new InvalidOperationException("the stream was completed before");
        }

        _isComplete = isLast;
        var frame = new byte[sizeof(uint) + plaintext.Length + AesGcmFormat.TagBytes];
        ChannelFrameHead.Write(frame, frame.Length - sizeof(uint), isLast);
        ChannelFrameHead.WriteNonce(_nonce, _next, isLast);
        _next = checked(_next + 1);
        await _backend.AesGcmSealAsync(
            _keys.Key, _nonce, ReadOnlyMemory<byte>.Empty, plaintext, frame.AsMemory(sizeof(uint)), cancellationToken);
        await _output.WriteAsync(frame, cancellationToken);
    }
}
