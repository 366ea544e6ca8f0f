namespace CleanRoom.Cryptography;

/// <summary>The primitives that differ between the .NET class library and a browser's WebCrypto.</summary>
/// <remarks>
/// Algorithms are fixed: P-256, ES256, AES-256-GCM with a 16-byte tag. Asynchronous because WebCrypto is; an implementation over
/// the class library completes at once. MUST be safe for concurrent calls. MUST NOT keep a secret after the call, except inside
/// the key object it returns.
/// </remarks>
public interface ICryptoBackend
{
    /// <summary>Makes a fresh ES256 key.</summary>
    ValueTask<ISigningKey> GenerateSigningKeyAsync(CancellationToken cancellationToken);

    /// <summary>Makes an ES256 key from its private scalar.</summary>
    /// <param name="privateKey">32 bytes, big-endian, in 1..n-1. Copied: the caller still disposes it.</param>
    /// <param name="cancellationToken">Stops the import.</param>
    /// <exception cref="ArgumentException">The scalar is out of range or not 32 bytes long.</exception>
    ValueTask<ISigningKey> ImportSigningKeyAsync(SecretBytes privateKey, CancellationToken cancellationToken);

    /// <summary>Makes a fresh P-256 key agreement key.</summary>
    ValueTask<IAgreementKey> GenerateAgreementKeyAsync(CancellationToken cancellationToken);

    /// <summary>Makes a P-256 key agreement key from its private scalar.</summary>
    /// <param name="privateKey">32 bytes, big-endian, in 1..n-1. Copied: the caller still disposes it.</param>
    /// <param name="cancellationToken">Stops the import.</param>
    /// <exception cref="ArgumentException">The scalar is out of range or not 32 bytes long.</exception>
    ValueTask<IAgreementKey> ImportAgreementKeyAsync(SecretBytes privateKey, CancellationToken cancellationToken);

    /// <summary>Encrypts and authenticates with AES-256-GCM.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">12 bytes. The caller guarantees that it is used once with this key.</param>
    /// <param name="aad">Authenticated, not encrypted; may be empty.</param>
    /// <param name="plaintext">Any length.</param>
    /// <param name="ciphertext">Receives ciphertext and tag: exactly 16 bytes longer than the plaintext, and not overlapping it.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    ValueTask AesGcmSealAsync(
        SecretBytes key,
        ReadOnlyMemory<byte> nonce,
        ReadOnlyMemory<byte> aad,
        ReadOnlyMemory<byte> plaintext,
        Memory<byte> ciphertext,
        CancellationToken cancellationToken);

    /// <summary>Checks the tag and decrypts with AES-256-GCM.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="aad">As given when sealing.</param>
    /// <param name="ciphertext">Ciphertext and tag. Trust: attacker-controlled.</param>
    /// <param name="plaintext">Receives the plaintext: exactly 16 bytes shorter than the ciphertext, and not overlapping it.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>False when the tag is wrong; then <paramref name="plaintext"/> is all zero.</returns>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    ValueTask<bool> AesGcmOpenAsync(
        SecretBytes key,
        ReadOnlyMemory<byte> nonce,
        ReadOnlyMemory<byte> aad,
        ReadOnlyMemory<byte> ciphertext,
        Memory<byte> plaintext,
        CancellationToken cancellationToken);
}
