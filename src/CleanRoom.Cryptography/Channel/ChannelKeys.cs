using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Channel;

/// <summary>Key and nonce of one response, or key and nonce prefix of one stream.</summary>
/// <remarks>In the manner of RFC 9458 s.4.4. Spec: contracts/spec/0011 s.4.</remarks>
internal sealed class ChannelKeys : IDisposable
{
    internal const int StreamPrefixBytes = 7;

    private const int SecretLength = 32;

    private ChannelKeys(SecretBytes key, SecretBytes nonce) => (Key, Nonce) = (key, nonce);

    internal SecretBytes Key { get; }

    internal SecretBytes Nonce { get; }

    /// <summary>Derives the keys of a whole response from what both ends of the HPKE context export.</summary>
    internal static ChannelKeys ForResponse(HpkeExport export, Bytes encapsulatedKey, ReadOnlySpan<byte> responseNonce) =>
        Derive(export, Labels.ChannelResponse, encapsulatedKey, responseNonce, AesGcmFormat.NonceBytes);

    /// <summary>Derives the keys of a streamed response.</summary>
    internal static ChannelKeys ForStream(HpkeExport export, Bytes encapsulatedKey, ReadOnlySpan<byte> responseNonce) =>
        Derive(export, Labels.ChannelStream, encapsulatedKey, responseNonce, StreamPrefixBytes);

    public void Dispose()
    {
        Key.Dispose();
        Nonce.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";

    private static ChannelKeys Derive(
        HpkeExport export, ReadOnlySpan<byte> label, Bytes encapsulatedKey, ReadOnlySpan<byte> responseNonce, int nonceBytes)
    {
        using var secret = export(label, SecretLength);
        using var prk = SecretKdf.Extract([.. encapsulatedKey.Span, .. responseNonce], secret.Span);
        return new ChannelKeys(
            SecretKdf.Expand(prk, Labels.ExpandKey, AesGcmFormat.KeyBytes),
            SecretKdf.Expand(prk, Labels.ExpandNonce, nonceBytes));
    }
}
