using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Bcl;

namespace CleanRoom.Node.Tests.Client.Support;

/// <summary>The real arithmetic, which remembers the keys that it was lent.</summary>
internal sealed class WatchedBackend : ICryptoBackend
{
    private readonly BclCryptoBackend _inner = new();

    public List<SecretBytes> Keys { get; } = [];

    /// <summary>Called before bytes are opened.</summary>
    public Action BeforeOpen { get; set; } = () => { };

    public static bool IsZeroed(SecretBytes key)
    {
        try
        {
            return key.Length < 0;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    public ValueTask<ISigningKey> GenerateSigningKeyAsync(CancellationToken cancellationToken) => _inner.GenerateSigningKeyAsync(cancellationToken);

    public ValueTask<ISigningKey> ImportSigningKeyAsync(SecretBytes privateKey, CancellationToken cancellationToken) =>
        _inner.ImportSigningKeyAsync(privateKey, cancellationToken);

    public ValueTask<IAgreementKey> GenerateAgreementKeyAsync(CancellationToken cancellationToken) => _inner.GenerateAgreementKeyAsync(cancellationToken);

    public ValueTask<IAgreementKey> ImportAgreementKeyAsync(SecretBytes privateKey, CancellationToken cancellationToken) =>
        _inner.ImportAgreementKeyAsync(privateKey, cancellationToken);

    public ValueTask AesGcmSealAsync(
        SecretBytes key,
        ReadOnlyMemory<byte> nonce,
        ReadOnlyMemory<byte> aad,
        ReadOnlyMemory<byte> plaintext,
        Memory<byte> ciphertext,
        CancellationToken cancellationToken)
    {
        Keys.Add(key);
        return _inner.AesGcmSealAsync(key, nonce, aad, plaintext, ciphertext, cancellationToken);
    }

    public ValueTask<bool> AesGcmOpenAsync(
        SecretBytes key,
        ReadOnlyMemory<byte> nonce,
        ReadOnlyMemory<byte> aad,
        ReadOnlyMemory<byte> ciphertext,
        Memory<byte> plaintext,
        CancellationToken cancellationToken)
    {
        Keys.Add(key);
        BeforeOpen();
        return _inner.AesGcmOpenAsync(key, nonce, aad, ciphertext, plaintext, cancellationToken);
    }
}
