using System.Security.Cryptography;
using CleanRoom.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Sealing;

/// <summary>What all sealers of this library do once they have a key: header || nonce (12 random bytes) || AES-256-GCM.</summary>
/// <remarks>aad = label || 0x00 || header || context; the header has a length that its own bytes fix. Spec: contracts/spec/0006 s.10.</remarks>
internal sealed class SealedBody(ICryptoBackend backend, string label)
{
    /// <summary>Most bytes of a secret.</summary>
    public const int MaxSecretBytes = 4_096;

    private readonly byte[] _label = [.. System.Text.Encoding.ASCII.GetBytes(label), 0];

    /// <exception cref="ArgumentOutOfRangeException">The secret has not 1 to 4,096 bytes.</exception>
    public static void Require(SecretBytes secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentOutOfRangeException.ThrowIfZero(secret.Length, nameof(secret));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(secret.Length, MaxSecretBytes, nameof(secret));
    }

    /// <summary>Seals.</summary>
    public async ValueTask<Bytes> SealAsync(
        SecretBytes key, ReadOnlyMemory<byte> header, SecretBytes secret, ReadOnlyMemory<byte> context, CancellationToken cancellationToken)
    {
        var body = header.Length + AesGcmFormat.NonceBytes;
        var bytes = new byte[body + secret.Length + AesGcmFormat.TagBytes];
        header.CopyTo(bytes);
        RandomNumberGenerator.Fill(bytes.AsSpan(header.Length, AesGcmFormat.NonceBytes));
        await backend.AesGcmSealAsync(
            key, bytes.AsMemory(header.Length, AesGcmFormat.NonceBytes), Aad(header, context), secret.Memory, bytes.AsMemory(body), cancellationToken);
        return new Bytes(bytes);
    }

    /// <summary>Says whether what follows a header can be a body at all.</summary>
    public static bool HasForm(ReadOnlyMemory<byte> body) =>
        body.Length - AesGcmFormat.NonceBytes - AesGcmFormat.TagBytes is > 0 and <= MaxSecretBytes;

    /// <summary>Opens a body of the right form. The caller disposes the secret.</summary>
    public async ValueTask<Result<SecretBytes>> OpenAsync(
        SecretBytes key, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> body, ReadOnlyMemory<byte> context, CancellationToken cancellationToken)
    {
        // Pinned, so that no copy of the secret stays behind when the heap is compacted.
        var plaintext = GC.AllocateUninitializedArray<byte>(body.Length - AesGcmFormat.NonceBytes - AesGcmFormat.TagBytes, pinned: true);
        try
        {
            return await backend.AesGcmOpenAsync(
                key, body[..AesGcmFormat.NonceBytes], Aad(header, context), body[AesGcmFormat.NonceBytes..], plaintext, cancellationToken)
                ? SecretBytes.Take(plaintext)
                : Result.Refuse<SecretBytes>(RefusalCode.SealInvalid, "bytes sealed by this machine for this context", "others");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    private byte[] Aad(ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> context) => [.. _label, .. header.Span, .. context.Span];
}
