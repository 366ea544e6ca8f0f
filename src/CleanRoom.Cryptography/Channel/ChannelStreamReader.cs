using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Channel;

/// <summary>Reads a response frame by frame, whether the node streamed it or sent it whole. Not safe for concurrent calls.</summary>
/// <remarks>
/// Data of a frame is authentic when returned; that all of it came is known only with the last frame. Spec: contracts/spec/0011 s.4.
/// </remarks>
public sealed class ChannelStreamReader : IDisposable
{
    private readonly ICryptoBackend _backend;
    private readonly ChannelKeys _keys;
    private readonly Stream _input;
    private readonly byte[] _nonce = new byte[AesGcmFormat.NonceBytes];
    private ChannelFrame? _whole;
    private uint _next;
    private bool _isComplete;

    private ChannelStreamReader(ICryptoBackend backend, ChannelKeys keys, Stream input)
    {
        (_backend, _keys, _input) = (backend, keys, input);
        keys.Nonce.Span.CopyTo(_nonce);
    }

    /// <summary>Gets the authenticated HTTP status.</summary>
    public int Status { get; private set; }

    /// <summary>Gets the authenticated media type of the data; empty when there is none.</summary>
    public string ContentType { get; private set; } = "";

    /// <summary>Reads the next frame.</summary>
    /// <returns>The frame, or <see cref="RefusalCode.ChannelInvalid"/>; nothing can be read after a refusal or the last frame.</returns>
    /// <exception cref="InvalidOperationException">The stream has ended.</exception>
    public async ValueTask<Result<ChannelFrame>> ReadAsync(CancellationToken cancellationToken)
    {
        if (_isComplete)
        {
            throw new InvalidOperationException("the stream has ended");
        }

        var result = _whole is { } whole ? whole : await ReadFrameAsync(cancellationToken);
        _isComplete = !result.TryGet(out var frame, out _) || frame.IsLast;
        return result;
    }

    /// <summary>Zeroes the keys; does not close the input.</summary>
    public void Dispose() => _keys.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";

    internal static async ValueTask<Result<ChannelStreamReader>> StartAsync(
        ICryptoBackend backend, HpkeExport export, Bytes encapsulatedKey, Stream input, CancellationToken cancellationToken)
    {
        var head = new byte[1 + ChannelFormat.ResponseNonceBytes];
        if (await input.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken) < head.Length)
        {
            return ChannelFormat.Invalid("a sealed response", "fewer bytes than its head");
        }

        var keys = ChannelKeys.ForStream(export, encapsulatedKey, head.AsSpan(1));
        var reader = new ChannelStreamReader(backend, keys, input);
        var hasStarted = false;
        try
        {
            var refusal = head[0] switch
            {
                ChannelFormat.Message => await reader.StartWholeAsync(export, encapsulatedKey, head, cancellationToken),
                ChannelFormat.Stream => await reader.StartFramesAsync(cancellationToken),
                _ => ChannelFormat.Invalid("a sealed response of version 1 or 2", $"version {head[0]}"),
            };
            if (refusal is not null)
            {
                return refusal;
            }

            hasStarted = true;
            return reader;
        }
        finally
        {
            if (!hasStarted)
            {
                reader.Dispose();
            }
        }
    }

    private async ValueTask<Refusal?> StartWholeAsync(
        HpkeExport export, Bytes encapsulatedKey, byte[] head, CancellationToken cancellationToken)
    {
        using var rest = new MemoryStream();
        rest.Write(head);
        var buffer = new byte[81_920];
        int read;
        while ((read = await _input.ReadAsync(buffer, cancellationToken)) > 0)
        {
            rest.Write(buffer.AsSpan(0, read));
            if (rest.Length > ChannelFormat.MaxResponseBytes)
            {
                return ChannelFormat.Invalid($"a response of at most {ChannelFormat.MaxResponseBytes} bytes", "a longer one");
            }
        }

        var opened = await ChannelResponses.OpenAsync(_backend, export, encapsulatedKey, rest.ToArray(), cancellationToken);
        if (!opened.TryGet(out var response, out var refusals))
        {
            return refusals[0];
        }

        (Status, ContentType, _whole) = (response.Status, response.ContentType, new ChannelFrame(response.Body, IsLast: true));
        return null;
    }

    private async ValueTask<Refusal?> StartFramesAsync(CancellationToken cancellationToken)
    {
        var read = await ReadFrameAsync(cancellationToken);
        if (!read.TryGet(out var frame, out var refusals)
            || !ChannelMessages.DecodeResponse(frame.Data.Span).TryGet(out var head, out refusals))
        {
            return refusals[0];
        }

        if (!head.Body.IsEmpty || frame.IsLast)
        {
            return ChannelFormat.Invalid("a head frame of status and content type only", "a head frame with more, or the last");
        }

        (Status, ContentType) = (head.Status, head.ContentType);
        return null;
    }

    private async ValueTask<Result<ChannelFrame>> ReadFrameAsync(CancellationToken cancellationToken)
    {
        var head = new byte[sizeof(uint)];
        if (await FillAsync(head, cancellationToken) < head.Length)
        {
            return Cut();
        }

        var (length, isLast) = ChannelFrameHead.Read(head);
        if (length is < AesGcmFormat.TagBytes or > ChannelFormat.MaxFramePlaintextBytes + AesGcmFormat.TagBytes)
        {
            return ChannelFormat.Invalid(
                $"a frame of {AesGcmFormat.TagBytes} to {ChannelFormat.MaxFramePlaintextBytes + AesGcmFormat.TagBytes} bytes",
                $"one of {length} bytes");
        }

        var ciphertext = new byte[length];
        if (await FillAsync(ciphertext, cancellationToken) < ciphertext.Length)
        {
            return Cut();
        }

        ChannelFrameHead.WriteNonce(_nonce, _next, isLast);
        var plaintext = new byte[ciphertext.Length - AesGcmFormat.TagBytes];
        if (!await _backend.AesGcmOpenAsync(
            _keys.Key, _nonce, ReadOnlyMemory<byte>.Empty, ciphertext, plaintext, cancellationToken))
        {
            return ChannelFormat.Invalid($"frame {_next} of the attested node's response", "bytes that do not authenticate");
        }

        _next = checked(_next + 1);
        return new ChannelFrame(plaintext, isLast);
    }

    private ValueTask<int> FillAsync(byte[] buffer, CancellationToken cancellationToken) =>
        _input.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);

    private Refusal Cut() => ChannelFormat.Invalid("a stream that ends with its last frame", $"the end after {_next} frames");
}
