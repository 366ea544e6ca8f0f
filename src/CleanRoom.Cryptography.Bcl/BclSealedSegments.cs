using System.Security.Cryptography;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Bcl;

/// <summary>Opens segments of one sealed stream straight into the caller's memory, without an allocation per segment.</summary>
/// <remarks>
/// For the node's read path, where the caller holds the sealed bytes and pooled anonymous memory. The length is authenticated
/// once the last segment has opened, so a caller MUST open the last segment before it uses any plaintext; a whole-column reader
/// does so when it reads the Parquet footer. Not safe for concurrent calls: one instance a thread. Spec: contracts/spec/0010 s.4.
/// </remarks>
public sealed class BclSealedSegments : IDisposable
{
    private readonly SealedStreamHeader _header;
    private readonly AesGcm _aes;

    private BclSealedSegments(SealedStreamHeader header, AesGcm aes, long ciphertextLength, long plaintextLength) =>
        (_header, _aes, CiphertextLength, PlaintextLength) = (header, aes, ciphertextLength, plaintextLength);

    /// <summary>Gets the length of the whole stream in bytes, header included.</summary>
    public long CiphertextLength { get; }

    /// <summary>Gets the number of plaintext bytes, authenticated once the last segment has opened.</summary>
    public long PlaintextLength { get; }

    /// <summary>Derives the stream's key.</summary>
    /// <param name="dataKey">32 bytes. Not kept: the caller still disposes it.</param>
    /// <param name="aad">What the stream must be bound to.</param>
    /// <param name="header">The first 40 bytes of the stream. Trust: attacker-controlled.</param>
    /// <param name="ciphertextLength">The length of the whole stream in bytes. Trust: attacker-controlled.</param>
    /// <returns>The opener, or <see cref="RefusalCode.SealInvalid"/>.</returns>
    public static Result<BclSealedSegments> Create(
        SecretBytes dataKey, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> header, long ciphertextLength)
    {
        ArgumentNullException.ThrowIfNull(dataKey);
        ArgumentOutOfRangeException.ThrowIfNotEqual(dataKey.Length, SealedStream.DataKeyBytes);
        if (SealedStreamLayout.PlaintextLength(ciphertextLength) is not { } plaintextLength)
        {
            return new Refusal(RefusalCode.SealInvalid, "the length of a whole sealed stream", $"{ciphertextLength} bytes");
        }

        if (!SealedStreamHeader.Parse(header).TryGet(out var parsed, out var refusals))
        {
            return refusals;
        }

        using var key = parsed.DeriveKey(dataKey, aad);
        return new BclSealedSegments(parsed, BclAes.Create(key), ciphertextLength, plaintextLength);
    }

    /// <summary>Returns where a segment is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such segment.</exception>
    public SegmentPlace Place(long index) => SealedStreamLayout.Place(index, CiphertextLength);

    /// <summary>Opens one segment.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="ciphertext">Exactly the segment's bytes, as <see cref="Place"/> gives them. Trust: attacker-controlled.</param>
    /// <param name="plaintext">Exactly <see cref="SegmentPlace.PlaintextBytes"/> long.</param>
    /// <returns>False when the segment does not authenticate; then <paramref name="plaintext"/> is all zero.</returns>
    /// <exception cref="ArgumentException">A length is wrong, or there is no such segment.</exception>
    public bool TryOpen(long index, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        var place = Place(index);
        if (ciphertext.Length != place.CiphertextBytes)
        {
            throw new ArgumentException($"wanted {place.CiphertextBytes} bytes, got {ciphertext.Length}", nameof(ciphertext));
        }

        Span<byte> nonce = stackalloc byte[AesGcmFormat.NonceBytes];
        _header.WriteNonce(place, nonce);
        return BclAes.TryOpen(_aes, nonce, [], ciphertext, plaintext);
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => _aes.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
