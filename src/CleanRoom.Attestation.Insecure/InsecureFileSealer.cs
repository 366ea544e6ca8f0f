using System.Runtime.Versioning;
using System.Security.Cryptography;
using CleanRoom.Attestation.Guest;
using CleanRoom.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Insecure;

/// <summary>Seals with a key in a file, so that a restart works in development. INSECURE: the host holds the key.</summary>
/// <remarks>
/// Sealed bytes = "CRIS" || 0x01 || 12-byte random nonce || AES-256-GCM ciphertext and tag;
/// aad = "cleanroom/v1/insecure-file-seal" || 0x00 || context. Spec: contracts/spec/0006 s.8.
/// </remarks>
[UnsupportedOSPlatform("browser")]
public sealed class InsecureFileSealer(string directory, ICryptoBackend backend) : ISecretSealer
{
    /// <summary>Most bytes of a secret.</summary>
    public const int MaxSecretBytes = 4_096;

    private readonly InsecureSealingKeyFile _keyFile = new(directory);

    /// <inheritdoc/>
    public string Kind => "insecure-file";

    private static ReadOnlySpan<byte> Header => "CRIS\u0001"u8;

    private static ReadOnlySpan<byte> Label => "cleanroom/v1/insecure-file-seal\0"u8;

    /// <inheritdoc/>
    public async ValueTask<Bytes> SealAsync(SecretBytes secret, ReadOnlyMemory<byte> context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentOutOfRangeException.ThrowIfZero(secret.Length, nameof(secret));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(secret.Length, MaxSecretBytes, nameof(secret));
        using var key = _keyFile.ReadOrMake();
        var body = Header.Length + AesGcmFormat.NonceBytes;
        var sealedSecret = new byte[body + secret.Length + AesGcmFormat.TagBytes];
        Header.CopyTo(sealedSecret);
        RandomNumberGenerator.Fill(sealedSecret.AsSpan(Header.Length, AesGcmFormat.NonceBytes));
        await backend.AesGcmSealAsync(
            key, sealedSecret.AsMemory(Header.Length, AesGcmFormat.NonceBytes), Aad(context), secret.Memory, sealedSecret.AsMemory(body), cancellationToken);
        return new Bytes(sealedSecret);
    }

    /// <inheritdoc/>
    public async ValueTask<Result<SecretBytes>> UnsealAsync(
        ReadOnlyMemory<byte> sealedSecret, ReadOnlyMemory<byte> context, CancellationToken cancellationToken)
    {
        var body = Header.Length + AesGcmFormat.NonceBytes;
        var length = sealedSecret.Length - body - AesGcmFormat.TagBytes;
        if (length is <= 0 or > MaxSecretBytes || !sealedSecret.Span.StartsWith(Header))
        {
            return Result.Refuse<SecretBytes>(RefusalCode.SealInvalid, "bytes that the insecure file sealer made", "others");
        }

        using var key = _keyFile.TryRead();
        if (key is null)
        {
            return Result.Refuse<SecretBytes>(RefusalCode.SealInvalid, $"a key in {InsecureSealingKeyFile.FileName}", "none");
        }

        // Pinned, so that no copy of the secret stays behind when the heap is compacted.
        var plaintext = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        try
        {
            return await backend.AesGcmOpenAsync(
                key, sealedSecret.Slice(Header.Length, AesGcmFormat.NonceBytes), Aad(context), sealedSecret[body..], plaintext, cancellationToken)
                ? SecretBytes.Take(plaintext)
                : Result.Refuse<SecretBytes>(RefusalCode.SealInvalid, "bytes sealed by this key for this context", "others");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    private static byte[] Aad(ReadOnlyMemory<byte> context) => [.. Label, .. context.Span];
}
