using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CleanRoom.Cryptography.KeyEncapsulation;

/// <summary>Key, base nonce and exporter secret of one context, and its sequence number. Spec: RFC 9180 s.5.1 and s.5.2.</summary>
/// <remarks>Not safe for concurrent calls.</remarks>
internal sealed class HpkeSchedule : IDisposable
{
    private const byte ModeBase = 0x00;

    private readonly SecretBytes _exporterSecret;
    private readonly SecretBytes _baseNonce;
    private ulong _sequence;

    private HpkeSchedule(SecretBytes key, SecretBytes baseNonce, SecretBytes exporterSecret) =>
        (Key, _baseNonce, _exporterSecret) = (key, baseNonce, exporterSecret);

    internal SecretBytes Key { get; }

    /// <summary>KeySchedule of mode base: psk and psk_id are empty.</summary>
    internal static HpkeSchedule Derive(SecretBytes sharedSecret, ReadOnlySpan<byte> info)
    {
        using var pskIdHash = HpkeSuite.LabeledExtract(HpkeSuite.Id, [], "psk_id_hash"u8, []);
        using var infoHash = HpkeSuite.LabeledExtract(HpkeSuite.Id, [], "info_hash"u8, info);
        Span<byte> context = stackalloc byte[1 + (2 * SHA256.HashSizeInBytes)];
        context[0] = ModeBase;
        pskIdHash.Span.CopyTo(context[1..]);
        infoHash.Span.CopyTo(context[(1 + SHA256.HashSizeInBytes)..]);
        using var secret = HpkeSuite.LabeledExtract(HpkeSuite.Id, sharedSecret.Span, "secret"u8, []);
        return new HpkeSchedule(
            HpkeSuite.LabeledExpand(HpkeSuite.Id, secret, "key"u8, context, AesGcmFormat.KeyBytes),
            HpkeSuite.LabeledExpand(HpkeSuite.Id, secret, "base_nonce"u8, context, AesGcmFormat.NonceBytes),
            HpkeSuite.LabeledExpand(HpkeSuite.Id, secret, "exp"u8, context, SHA256.HashSizeInBytes));
    }

    /// <summary>Returns the nonce of the current sequence number.</summary>
    internal byte[] Nonce()
    {
        var nonce = _baseNonce.Span.ToArray();
        var low = nonce.AsSpan(AesGcmFormat.NonceBytes - sizeof(ulong));
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ _sequence);
        return nonce;
    }

    /// <summary>Goes to the next sequence number.</summary>
    internal void Advance() => _sequence = checked(_sequence + 1);

    internal SecretBytes Export(ReadOnlySpan<byte> context, int length) =>
        HpkeSuite.LabeledExpand(HpkeSuite.Id, _exporterSecret, "sec"u8, context, length);

    public void Dispose()
    {
        Key.Dispose();
        _baseNonce.Dispose();
        _exporterSecret.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
