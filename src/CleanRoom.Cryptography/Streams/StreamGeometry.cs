using System.Security.Cryptography;

namespace CleanRoom.Cryptography.Streams;

/// <summary>The parameters of the published streaming layout. The format has one set; the published vectors need others.</summary>
/// <param name="SegmentBytes">Ciphertext bytes of a full segment, header counted in the first.</param>
/// <param name="KeyBytes">Bytes of derived key and of salt.</param>
/// <param name="Hash">Hash of the key derivation.</param>
/// <remarks>All lengths in bytes. Spec: contracts/spec/0010 s.4.</remarks>
internal sealed record StreamGeometry(int SegmentBytes, int KeyBytes, HashAlgorithmName Hash)
{
    /// <summary>Segment numbers are four bytes in the nonce.</summary>
    private const long MaxSegments = 1L << 32;

    internal static StreamGeometry Standard { get; } = new(65_536, AesGcmFormat.KeyBytes, HashAlgorithmName.SHA256);

    internal int HeaderBytes => 1 + KeyBytes + SealedStreamHeader.PrefixBytes;

    internal int FirstCapacity => SegmentBytes - HeaderBytes - AesGcmFormat.TagBytes;

    internal int Capacity => SegmentBytes - AesGcmFormat.TagBytes;

    internal long MaxPlaintextBytes => FirstCapacity + ((MaxSegments - 1) * Capacity);

    internal long SegmentCount(long plaintextBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(plaintextBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plaintextBytes, MaxPlaintextBytes);
        return plaintextBytes <= FirstCapacity ? 1 : 1 + CeilingDivide(plaintextBytes - FirstCapacity, Capacity);
    }

    internal long CiphertextLength(long plaintextBytes) =>
        HeaderBytes + plaintextBytes + (SegmentCount(plaintextBytes) * AesGcmFormat.TagBytes);

    /// <summary>Returns the plaintext length, or null when no plaintext has a ciphertext of this length.</summary>
    internal long? PlaintextLength(long ciphertextBytes)
    {
        if (ciphertextBytes < HeaderBytes + AesGcmFormat.TagBytes)
        {
            return null;
        }

        var segments = CeilingDivide(ciphertextBytes, SegmentBytes);
        var last = ciphertextBytes - ((segments - 1) * SegmentBytes);

        // Only a stream's first segment may be empty: one length, one form.
        return segments > MaxSegments || (segments > 1 && last <= AesGcmFormat.TagBytes)
            ? null
            : ciphertextBytes - HeaderBytes - (segments * AesGcmFormat.TagBytes);
    }

    /// <summary>Returns the segments that hold plaintext bytes [offset, offset + length).</summary>
    internal SegmentRange SegmentsFor(long plaintextOffset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(plaintextOffset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plaintextOffset, MaxPlaintextBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxPlaintextBytes - plaintextOffset);
        if (length == 0)
        {
            return default;
        }

        var first = SegmentOf(plaintextOffset);
        return new SegmentRange(first, SegmentOf(plaintextOffset + length - 1) - first + 1);
    }

    /// <summary>Returns where a segment of a stream is, in ciphertext and plaintext.</summary>
    /// <param name="index">From 0, below the number of segments.</param>
    /// <param name="ciphertextBytes">A stream's whole length, header included, that <see cref="PlaintextLength"/> accepts.</param>
    internal SegmentPlace Place(long index, long ciphertextBytes)
    {
        var segments = CeilingDivide(ciphertextBytes, SegmentBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, segments);
        var start = index == 0 ? HeaderBytes : index * SegmentBytes;
        var end = Math.Min((index + 1) * SegmentBytes, ciphertextBytes);
        var plaintextStart = index == 0 ? 0 : FirstCapacity + ((index - 1) * Capacity);
        return new SegmentPlace(index, start, (int)(end - start), plaintextStart, index == segments - 1);
    }

    private long SegmentOf(long plaintextOffset) =>
        plaintextOffset < FirstCapacity ? 0 : 1 + ((plaintextOffset - FirstCapacity) / Capacity);

    private static long CeilingDivide(long value, long divisor) => (value / divisor) + (value % divisor == 0 ? 0 : 1);
}
