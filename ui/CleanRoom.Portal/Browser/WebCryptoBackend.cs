using System.Security.Cryptography;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Curves;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Portal.Browser;

/// <summary>The primitives over WebCrypto. Keys are non-extractable and live in the JavaScript module.</summary>
/// <remarks>Every copy of a secret that a call needs is zeroed on both sides when it is over. Agrees with the class library: a test compares them.</remarks>
internal sealed class WebCryptoBackend(BrowserModule module) : ICryptoBackend
{
    internal const string Sign = "sign";
    internal const string Receive = "receive";
    internal const string Witness = "witness";

    private const string Scalar = "wanted a scalar of 32 bytes between 1 and n-1";

    /// <inheritdoc/>
    public async ValueTask<ISigningKey> GenerateSigningKeyAsync(CancellationToken cancellationToken) => await GenerateAsync(Sign, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IAgreementKey> GenerateAgreementKeyAsync(CancellationToken cancellationToken) => await GenerateAsync(Receive, cancellationToken);

    /// <summary>Makes a fresh key.</summary>
    /// <param name="use">sign, receive or witness.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    public Task<HeldKey> GenerateAsync(string use, CancellationToken cancellationToken) => HeldKey.TakeAsync(module, "generate", cancellationToken, use);

    /// <inheritdoc/>
    public async ValueTask<ISigningKey> ImportSigningKeyAsync(SecretBytes privateKey, CancellationToken cancellationToken) =>
        await ImportP256Async(Sign, privateKey, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IAgreementKey> ImportAgreementKeyAsync(SecretBytes privateKey, CancellationToken cancellationToken) =>
        await ImportP256Async(Receive, privateKey, cancellationToken);

    /// <summary>Makes a P-256 key of its scalar.</summary>
    /// <exception cref="ArgumentException">The scalar is out of range or not 32 bytes long.</exception>
    public Task<HeldKey> ImportP256Async(string use, SecretBytes privateKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(privateKey);
        return P256PrivateKey.IsValid(privateKey.Span)
            ? ImportAsync(use, privateKey, P256PublicKey.Of(privateKey), cancellationToken)
            : throw new ArgumentException(Scalar, nameof(privateKey));
    }

    /// <summary>Makes an Ed25519 key of its seed.</summary>
    /// <param name="seed">32 bytes. Copied: the caller still disposes it.</param>
    /// <param name="cancellationToken">Stops the import.</param>
    public async Task<HeldKey> ImportWitnessAsync(SecretBytes seed, CancellationToken cancellationToken)
    {
        using var key = Ed25519Key.FromSeed(seed);
        return await ImportAsync(Witness, seed, key.PublicKey, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask AesGcmSealAsync(
        SecretBytes key,
        ReadOnlyMemory<byte> nonce,
        ReadOnlyMemory<byte> aad,
        ReadOnlyMemory<byte> plaintext,
        Memory<byte> ciphertext,
        CancellationToken cancellationToken)
    {
        CheckLengths(key, nonce, plaintext.Length, ciphertext.Length);
        var (secret, clear) = (key.Span.ToArray(), plaintext.ToArray());
        try
        {
            var sealedBytes = await module.CallAsync<byte[]>("seal", cancellationToken, secret, nonce.ToArray(), aad.ToArray(), clear);
            sealedBytes.CopyTo(ciphertext);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> AesGcmOpenAsync(
        SecretBytes key,
        ReadOnlyMemory<byte> nonce,
        ReadOnlyMemory<byte> aad,
        ReadOnlyMemory<byte> ciphertext,
        Memory<byte> plaintext,
        CancellationToken cancellationToken)
    {
        CheckLengths(key, nonce, plaintext.Length, ciphertext.Length);
        var secret = key.Span.ToArray();
        try
        {
            var clear = await module.CallAsync<byte[]?>("open", cancellationToken, secret, nonce.ToArray(), aad.ToArray(), ciphertext.ToArray());
            if (clear is null)
            {
                CryptographicOperations.ZeroMemory(plaintext.Span);
                return false;
            }

            clear.CopyTo(plaintext);
            CryptographicOperations.ZeroMemory(clear);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private async Task<HeldKey> ImportAsync(string use, SecretBytes privateKey, Bytes publicKey, CancellationToken cancellationToken)
    {
        var secret = privateKey.Span.ToArray();
        try
        {
            return await HeldKey.TakeAsync(module, "importKey", cancellationToken, use, secret, publicKey.ToArray());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static void CheckLengths(SecretBytes key, ReadOnlyMemory<byte> nonce, int plaintext, int ciphertext)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length != AesGcmFormat.KeyBytes || nonce.Length != AesGcmFormat.NonceBytes)
        {
            throw new ArgumentException($"wanted a key of {AesGcmFormat.KeyBytes} bytes and a nonce of {AesGcmFormat.NonceBytes}, got {key.Length} and {nonce.Length}");
        }

        if (ciphertext != (long)plaintext + AesGcmFormat.TagBytes)
        {
            throw new ArgumentException($"wanted {(long)plaintext + AesGcmFormat.TagBytes} sealed bytes for {plaintext} plaintext bytes, got {ciphertext}");
        }
    }
}
