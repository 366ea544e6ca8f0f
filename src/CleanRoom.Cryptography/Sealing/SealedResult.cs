using CleanRoom.Cryptography.Keys;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>A result sealed under a fresh key that nobody has been given yet.</summary>
public sealed class SealedResult : IDisposable
{
    internal SealedResult(ReadOnlyMemory<byte> blob, Digest commitment, DataKey key, Bytes salt) =>
        (Blob, Commitment, Key, Salt) = (blob, commitment, key, salt);

    /// <summary>Gets the sealed stream of salt and payload, to be stored.</summary>
    public ReadOnlyMemory<byte> Blob { get; }

    /// <summary>Gets the salted commitment to the payload.</summary>
    public Digest Commitment { get; }

    /// <summary>Gets the blob's key, to be wrapped for each receiver. Disposed with this object.</summary>
    public DataKey Key { get; }

    /// <summary>Gets the 32 bytes inside the blob that open its commitments. For those alone who may open the blob.</summary>
    public Bytes Salt { get; }

    /// <summary>Zeroes the key.</summary>
    public void Dispose() => Key.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
