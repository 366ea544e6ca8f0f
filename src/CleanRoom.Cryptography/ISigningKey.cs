using CleanRoom.Protocol;

namespace CleanRoom.Cryptography;

/// <summary>An ES256 private key (ECDSA over P-256 with SHA-256) that need not be extractable.</summary>
public interface ISigningKey : IDisposable
{
    /// <summary>Gets the public key: 65 bytes, uncompressed point.</summary>
    Bytes PublicKey { get; }

    /// <summary>Signs the data (not its digest).</summary>
    /// <returns>64 bytes: r and s, each 32 bytes big-endian.</returns>
    ValueTask<byte[]> SignEs256Async(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);
}
