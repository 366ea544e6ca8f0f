using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Channel;

/// <summary>One sealed request and the key to its response.</summary>
public sealed class ChannelCall : IDisposable
{
    private readonly ICryptoBackend _backend;
    private readonly HpkeSender _sender;

    internal ChannelCall(ICryptoBackend backend, HpkeSender sender, byte[] sealedRequest) =>
        (_backend, _sender, SealedRequest) = (backend, sender, sealedRequest);

    /// <summary>Gets the body to send, of type <see cref="ChannelFormat.MediaType"/>.</summary>
    public ReadOnlyMemory<byte> SealedRequest { get; }

    /// <summary>Opens a whole response.</summary>
    /// <param name="sealedResponse">Trust: attacker-controlled.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>The response, or <see cref="RefusalCode.ChannelInvalid"/>.</returns>
    public ValueTask<Result<ChannelResponse>> OpenResponseAsync(
        ReadOnlyMemory<byte> sealedResponse, CancellationToken cancellationToken) =>
        ChannelResponses.OpenAsync(_backend, _sender.Export, _sender.Enc, sealedResponse, cancellationToken);

    /// <summary>Opens a streamed response, or a whole one as a stream of one frame.</summary>
    /// <param name="sealedResponse">Trust: attacker-controlled. Not closed.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The reader, or <see cref="RefusalCode.ChannelInvalid"/>.</returns>
    public ValueTask<Result<ChannelStreamReader>> OpenStreamAsync(Stream sealedResponse, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sealedResponse);
        return ChannelStreamReader.StartAsync(_backend, _sender.Export, _sender.Enc, sealedResponse, cancellationToken);
    }

    /// <summary>Zeroes the keys.</summary>
    public void Dispose() => _sender.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
