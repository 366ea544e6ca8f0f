using System.Security.Cryptography;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Channel;

/// <summary>One request that a node opened, and the key to its response.</summary>
public sealed class ChannelExchange : IDisposable
{
    private readonly ICryptoBackend _backend;
    private readonly HpkeRecipient _recipient;
    private readonly Bytes _encapsulatedKey;

    internal ChannelExchange(
        ICryptoBackend backend, HpkeRecipient recipient, Bytes encapsulatedKey, Digest bindingDigest, ChannelRequest request)
    {
        (_backend, _recipient, _encapsulatedKey) = (backend, recipient, encapsulatedKey);
        (BindingDigest, Request) = (bindingDigest, request);
    }

    /// <summary>Gets the binding that the client appraised before it asked.</summary>
    public Digest BindingDigest { get; }

    /// <summary>Gets the request.</summary>
    public ChannelRequest Request { get; }

    /// <summary>Seals a whole response.</summary>
    /// <returns>The body to send, of type <see cref="ChannelFormat.MediaType"/>.</returns>
    /// <exception cref="ArgumentException">It is larger than <see cref="ChannelFormat.MaxResponseBytes"/>.</exception>
    public ValueTask<byte[]> SealResponseAsync(ChannelResponse response, CancellationToken cancellationToken) =>
        SealResponseAsync(RandomNumberGenerator.GetBytes(ChannelFormat.ResponseNonceBytes), response, cancellationToken);

    /// <summary>Begins a streamed response.</summary>
    /// <param name="status">100 to 599.</param>
    /// <param name="contentType">At most 255 bytes; empty for none.</param>
    /// <param name="output">Receives the body, of type <see cref="ChannelFormat.MediaType"/>. Not closed.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public ValueTask<ChannelStreamWriter> StartStreamAsync(
        int status, string contentType, Stream output, CancellationToken cancellationToken) =>
        StartStreamAsync(
            RandomNumberGenerator.GetBytes(ChannelFormat.ResponseNonceBytes), status, contentType, output, cancellationToken);

    /// <summary>Zeroes the keys.</summary>
    public void Dispose() => _recipient.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";

    internal ValueTask<byte[]> SealResponseAsync(
        ReadOnlyMemory<byte> responseNonce, ChannelResponse response, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(response);
        return ChannelResponses.SealAsync(_backend, _recipient.Export, _encapsulatedKey, responseNonce, response, cancellationToken);
    }

    internal ValueTask<ChannelStreamWriter> StartStreamAsync(
        ReadOnlyMemory<byte> responseNonce, int status, string contentType, Stream output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(output);
        var keys = ChannelKeys.ForStream(_recipient.Export, _encapsulatedKey, responseNonce.Span);
        return ChannelStreamWriter.StartAsync(_backend, keys, responseNonce, status, contentType, output, cancellationToken);
    }
}
