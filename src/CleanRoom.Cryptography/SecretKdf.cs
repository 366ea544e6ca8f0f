using System.Security.Cryptography;

namespace CleanRoom.Cryptography;

/// <summary>HKDF with SHA-256 (RFC 5869) from secret to secret.</summary>
internal static class SecretKdf
{
    internal static SecretBytes Derive(ReadOnlySpan<byte> inputKey, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, int length = 32)
    {
        var output = SecretBytes.Allocate(length, out var bytes);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, inputKey, bytes, salt, info);
        return output;
    }

    internal static SecretBytes Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKey)
    {
        var output = SecretBytes.Allocate(SHA256.HashSizeInBytes, out var bytes);
        HKDF.Extract(HashAlgorithmName.SHA256, inputKey, salt, bytes);
        return output;
    }

    internal static SecretBytes Expand(SecretBytes pseudorandomKey, ReadOnlySpan<byte> info, int length)
    {
        var output = SecretBytes.Allocate(length, out var bytes);
        HKDF.Expand(HashAlgorithmName.SHA256, pseudorandomKey.Span, bytes, info);
        return output;
    }
}
