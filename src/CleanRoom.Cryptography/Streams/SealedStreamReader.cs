using System.Security.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Streams;

/// <summary>Reads any range of a sealed stream's plaintext; opens only the segments that cover it.</summary>
/// <remarks>
/// The last segment is opened first: its flag authenticates the length, so a stream cut at a segment's end is refused before
/// a byte is read from it. Not safe for concurrent calls. Spec: contracts/spec/0010 s.4.
/// </remarks>
public sealed class SealedStreamReader : IDisposable
{
    private readonly StreamGeometry _geometry;
    private readonly ICryptoBackend _backend;
    private readonly ISealedSource _source;
    private readonly SealedStreamHeader _header;
    private readonly SecretBytes _key;
    private readonly long _ciphertextLength;
    private readonly byte[] _nonce = new byte[AesGcmFormat.NonceBytes];
    private readonly byte[] _ciphertext;
    private readonly byte[] _plaintext;
    private long _cached = -1;

    private SealedStreamReader(
        StreamGeometry geometry,
        ICryptoBackend backend,
        ISealedSource source,
        SealedStreamHeader header,
        SecretBytes key,
        long plaintextLength)
    {
        (_geometry, _backend, _source, _header, _key) = (geometry, backend, source, header, key);
        (_ciphertextLength, PlaintextLength) = (source.Length, plaintextLength);
        var largest = (int)Math.Min(geometry.SegmentBytes, _ciphertextLength);
        _ciphertext = new byte[largest];
        _plaintext = GC.AllocateArray<byte>(largest, pinned: true);
    }

    /// <summary>Gets the authenticated number of plaintext bytes.</summary>
    public long PlaintextLength { get; }

    /// <summary>Reads the header and opens the last segment.</summary>
    /// <param name="backend">Does the decryption.</param>
    /// <param name="dataKey">32 bytes. Not kept: the caller still disposes it.</param>
    /// <param name="aad">What the stream must be bound to.</param>
    /// <param name="source">Trust: attacker-controlled.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The reader, or <see cref="RefusalCode.SealInvalid"/>.</returns>
    public static ValueTask<Result<SealedStreamReader>> OpenAsync(
        ICryptoBackend backend,
        SecretBytes dataKey,
        ReadOnlyMemory<byte> aad,
        ISealedSource source,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(dataKey);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNotEqual(dataKey.Length, SealedStream.DataKeyBytes);
        return OpenAsync(StreamGeometry.Standard, backend, dataKey, aad, source, cancellationToken);
    }

    /// <summary>Fills the destination with the plaintext from <paramref name="plaintextOffset"/>.</summary>
    /// <param name="plaintextOffset">Bytes; offset and destination lie inside <see cref="PlaintextLength"/>.</param>
    /// <param name="destination">All zero after a refusal.</param>
    /// <param name="cancellationToken">Stops between segments.</param>
    /// <returns>Null when filled, else <see cref="RefusalCode.SealInvalid"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the stream.</exception>
    public async ValueTask<Refusal?> ReadAsync(long plaintextOffset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(plaintextOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plaintextOffset, PlaintextLength - destination.Length);
        var range = _geometry.SegmentsFor(plaintextOffset, destination.Length);
        var filled = 0;
        for (var index = range.First; index < range.First + range.Count; index++)
        {
            var place = _geometry.Place(index, _ciphertextLength);
            if (await LoadAsync(place, cancellationToken) is { } refusal)
            {
                CryptographicOperations.ZeroMemory(destination.Span);
                return refusal;
            }

            var skip = (int)(plaintextOffset + filled - place.PlaintextOffset);
            var take = Math.Min(place.PlaintextBytes - skip, destination.Length - filled);
            _plaintext.AsMemory(skip, take).CopyTo(destination[filled..]);
            filled += take;
        }

        return null;
    }

    /// <summary>Zeroes the key and the segment in memory.</summary>
    public void Dispose()
    {
        _key.Dispose();
        _cached = -1;
        CryptographicOperations.ZeroMemory(_plaintext);
    }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";

    internal static async ValueTask<Result<SealedStreamReader>> OpenAsync(
        StreamGeometry geometry,
        ICryptoBackend backend,
        SecretBytes dataKey,
        ReadOnlyMemory<byte> aad,
        ISealedSource source,
        CancellationToken cancellationToken)
    {
        if (geometry.PlaintextLength(source.Length) is not { } plaintextLength)
        {
            return new Refusal(RefusalCode.SealInvalid, "the length of a whole sealed stream", $"{source.Length} bytes");
        }

        var headerBytes = new byte[geometry.HeaderBytes];
        await source.ReadAsync(0, headerBytes, cancellationToken);
        if (!SealedStreamHeader.Parse(geometry, headerBytes).TryGet(out var header, out var refusals))
        {
            return refusals;
        }

        var reader = new SealedStreamReader(
            geometry, backend, source, header, header.DeriveKey(dataKey, aad.Span), plaintextLength);
        var last = geometry.Place(geometry.SegmentCount(plaintextLength) - 1, source.Length);
        if (await reader.LoadAsync(last, cancellationToken) is { } refusal)
        {
            reader.Dispose();
            return refusal;
        }

        return reader;
    }

    private async ValueTask<Refusal?> LoadAsync(SegmentPlace place, CancellationToken cancellationToken)
    {
        if (_cached == place.Index)
        {
            return null;
        }

        _cached = -1;
        var ciphertext = _ciphertext.AsMemory(0, place.CiphertextBytes);
        await _source.ReadAsync(place.CiphertextOffset, ciphertext, cancellationToken);
        _header.WriteNonce(place, _nonce);
        var opened = await _backend.AesGcmOpenAsync(
            _key, _nonce, ReadOnlyMemory<byte>.Empty, ciphertext, _plaintext.AsMemory(0, place.PlaintextBytes), cancellationToken);
        if (!opened)
        {
            return new Refusal(
                RefusalCode.SealInvalid,
                "a segment sealed with this key at this place of this stream",
                $"segment {place.Index} that does not authenticate");
        }

        _cached = place.Index;
        return null;
    }
}
