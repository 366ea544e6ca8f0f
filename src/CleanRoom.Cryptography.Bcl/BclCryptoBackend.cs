using CleanRoom.Cryptography.Curves;

namespace CleanRoom.Cryptography.Bcl;

/// <summary>The primitives over the .NET class library; every call completes at once.</summary>
public sealed class BclCryptoBackend : ICryptoBackend
{
    /// <inheritdoc/>
    public async ValueTask<ISigningKey> GenerateSigningKeyAsync(CancellationToken cancellationToken)
    {
        using var privateKey = P256PrivateKey.Generate();
        return await ImportSigningKeyAsync(privateKey, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ISigningKey> ImportSigningKeyAsync(SecretBytes privateKey, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<ISigningKey>(new BclSigningKey(privateKey));
    }

    /// <inheritdoc/>
    public async ValueTask<IAgreementKey> GenerateAgreementKeyAsync(CancellationToken cancellationToken)
    {
        using var privateKey = P256PrivateKey.Generate();
        return await ImportAgreementKeyAsync(privateKey, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IAgreementKey> ImportAgreementKeyAsync(SecretBytes privateKey, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IAgreementKey>(new BclAgreementKey(privateKey));
    }

    /// <inheritdoc/>
    public ValueTask AesGcmSealAsync(
        SecretBytes key,
        ReadOnlyMemory<byte> nonce,
        ReadOnlyMemory<byte> aad,
        ReadOnlyMemory<byte> plaintext,
        Memory<byte> ciphertext,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var aes = BclAes.Create(key);
        BclAes.Seal(aes, nonce.Span, aad.Span, plaintext.Span, ciphertext.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> AesGcmOpenAsync(
        SecretBytes key,
        ReadOnlyMemory<byte> nonce,
        ReadOnlyMemory<byte> aad,
        ReadOnlyMemory<byte> ciphertext,
        Memory<byte> plaintext,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var aes = BclAes.Create(key);
        return ValueTask.FromResult(BclAes.TryOpen(aes, nonce.Span, aad.Span, ciphertext.Span, plaintext.Span));
    }
}
