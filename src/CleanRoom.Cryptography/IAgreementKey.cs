using CleanRoom.Protocol;

namespace CleanRoom.Cryptography;

/// <summary>A P-256 private key for key agreement that need not be extractable.</summary>
public interface IAgreementKey : IDisposable
{
    /// <summary>Gets the public key: 65 bytes, uncompressed point.</summary>
    Bytes PublicKey { get; }

    /// <summary>Computes the shared secret with a peer.</summary>
    /// <param name="peerPublicKey65">65 bytes, uncompressed point, already checked with <see cref="Curves.P256PublicKey.IsValid"/>.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>32 bytes: the x coordinate, big-endian. The caller disposes it.</returns>
    /// <exception cref="ArgumentException">The point is not a valid public key.</exception>
    ValueTask<SecretBytes> DeriveSharedSecretAsync(ReadOnlyMemory<byte> peerPublicKey65, CancellationToken cancellationToken);
}
