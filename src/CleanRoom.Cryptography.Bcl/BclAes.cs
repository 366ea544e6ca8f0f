using System.Security.Cryptography;

namespace CleanRoom.Cryptography.Bcl;

/// <summary>AES-256-GCM with the tag behind the ciphertext.</summary>
internal static class BclAes
{
    internal static AesGcm Create(SecretBytes key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Length == AesGcmFormat.KeyBytes
            ? new AesGcm(key.Span, AesGcmFormat.TagBytes)
            : throw new ArgumentException($"wanted a key of {AesGcmFormat.KeyBytes} bytes, got {key.Length}", nameof(key));
    }

    internal static void Seal(
        AesGcm aes, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        CheckLengths(plaintext.Length, ciphertext.Length);
        aes.Encrypt(nonce, plaintext, ciphertext[..plaintext.Length], ciphertext[plaintext.Length..], aad);
    }

    internal static bool TryOpen(
        AesGcm aes, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        CheckLengths(plaintext.Length, ciphertext.Length);
        try
        {
            aes.Decrypt(nonce, ciphertext[..plaintext.Length], ciphertext[plaintext.Length..], plaintext, aad);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            CryptographicOperations.ZeroMemory(plaintext);
            return false;
        }
    }

    private static void CheckLengths(int plaintext, int ciphertext)
    {
        if (ciphertext != (long)plaintext + AesGcmFormat.TagBytes)
        {
            throw new ArgumentException(
                $"wanted {(long)plaintext + AesGcmFormat.TagBytes} sealed bytes for {plaintext} plaintext bytes, got {ciphertext}");
        }
    }
}
