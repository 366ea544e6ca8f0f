using System.Buffers.Binary;

namespace CleanRoom.Cryptography.KeyEncapsulation;

/// <summary>The one suite: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; and its labelled key derivation.</summary>
/// <remarks>Spec: RFC 9180 s.4 (LabeledExtract, LabeledExpand), s.7 (identifiers).</remarks>
internal static class HpkeSuite
{
    internal const int SharedSecretBytes = 32;

    /// <summary>Gets "KEM" and kem_id 0x0010.</summary>
    internal static ReadOnlySpan<byte> KemId => [(byte)'K', (byte)'E', (byte)'M', 0x00, 0x10];

    /// <summary>Gets "HPKE", kem_id 0x0010, kdf_id 0x0001 and aead_id 0x0002.</summary>
    internal static ReadOnlySpan<byte> Id => [(byte)'H', (byte)'P', (byte)'K', (byte)'E', 0x00, 0x10, 0x00, 0x01, 0x00, 0x02];

    private static ReadOnlySpan<byte> Version => "HPKE-v1"u8;

    internal static SecretBytes LabeledExtract(
        ReadOnlySpan<byte> suite, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> inputKey)
    {
        using var labeled = SecretBytes.Allocate(Version.Length + suite.Length + label.Length + inputKey.Length, out var bytes);
        Version.CopyTo(bytes);
        suite.CopyTo(bytes[Version.Length..]);
        label.CopyTo(bytes[(Version.Length + suite.Length)..]);
        inputKey.CopyTo(bytes[(Version.Length + suite.Length + label.Length)..]);
        return SecretKdf.Extract(salt, labeled.Span);
    }

    internal static SecretBytes LabeledExpand(
        ReadOnlySpan<byte> suite, SecretBytes pseudorandomKey, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info, int length)
    {
        var labeled = new byte[sizeof(ushort) + Version.Length + suite.Length + label.Length + info.Length];
        BinaryPrimitives.WriteUInt16BigEndian(labeled, checked((ushort)length));
        var rest = labeled.AsSpan(sizeof(ushort));
        Version.CopyTo(rest);
        suite.CopyTo(rest = rest[Version.Length..]);
        label.CopyTo(rest = rest[suite.Length..]);
        info.CopyTo(rest[label.Length..]);
        return SecretKdf.Expand(pseudorandomKey, labeled, length);
    }
}
