namespace CleanRoom.Cryptography.Streams;

/// <summary>Seals segments in order. Single use; not safe for concurrent calls.</summary>
internal sealed class SealedStreamWriter : IDisposable
{
    private readonly ICryptoBackend _backend;
    private readonly SealedStreamHeader _header;
    private readonly SecretBytes _key;
    private readonly byte[] _nonce = new byte[AesGcmFormat.NonceBytes];
    private long _index;

    internal SealedStreamWriter(
        ICryptoBackend backend, SealedStreamHeader header, SecretBytes dataKey, ReadOnlySpan<byte> aad)
    {
        _backend = backend;
        _header = header;
        _key = header.DeriveKey(dataKey, aad);
    }

    internal ValueTask SealNextAsync(
        ReadOnlyMemory<byte> plaintext, bool isLast, Memory<byte> ciphertext, CancellationToken cancellationToken)
    {
        _header.WriteNonce(_index++, isLast, _nonce);
        return _backend.AesGcmSealAsync(_key, _nonce, ReadOnlyMemory<byte>.Empty, plaintext, ciphertext, cancellationToken);
    }

    public void Dispose() => _key.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
