using System.Security.Cryptography;
using CleanRoom.Cryptography.Bcl;

namespace CleanRoom.Cryptography.Tests.Support;

/// <summary>AES-GCM with any key size, since published streaming vectors use short keys; everything else is refused.</summary>
internal sealed class AnyKeySizeBackend : ICryptoBackend
{
    public ValueTask<ISigningKey> GenerateSigningKeyAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<ISigningKey> ImportSigningKeyAsync(SecretBytes privateKey, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<IAgreementKey> GenerateAgreementKeyAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IAgreementKey> ImportAgreementKeyAsync(SecretBytes privateKey, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask AesGcmSealAsync(
        SecretBytes key,
        ReadOnlyMemory<byte> nonce,
        ReadOnlyMemory<byte> aad,
        ReadOnlyMemory<byte> plaintext,
        Memory<byte> ciphertext,
        CancellationToken cancellationToken)
    {
        using var aes = new AesGcm(key.Span, AesGcmFormat.TagBytes);
        BclAes.Seal(aes, nonce.Span, aad.Span, plaintext.Span, ciphertext.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> AesGcmOpenAsync(
        SecretBytes key,
        ReadOnlyMemory<byte> nonce,
        ReadOnlyMemory<byte> aad,
        ReadOnlyMemory<byte> ciphertext,
        Memory<byte> plaintext,
        CancellationToken cancellationToken)
    {
        using var aes = new AesGcm(key.Span, AesGcmFormat.TagBytes);
        return ValueTask.FromResult(BclAes.TryOpen(aes, nonce.Span, aad.Span, ciphertext.Span, plaintext.Span));
    }
}
