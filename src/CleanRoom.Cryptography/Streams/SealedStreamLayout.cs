namespace CleanRoom.Cryptography.Streams;

/// <summary>Where what is in a sealed stream. Pure arithmetic; all lengths in bytes. Spec: contracts/spec/0010 s.4.</summary>
public static class SealedStreamLayout
{
    /// <summary>Length of the header: length byte, 32-byte salt, 7-byte nonce prefix.</summary>
    public const int HeaderBytes = 40;

    /// <summary>Ciphertext bytes of a full segment; the header counts in the first.</summary>
    public const int SegmentBytes = 65_536;

    /// <summary>Plaintext bytes of the largest segment.</summary>
    public const int MaxSegmentPlaintextBytes = SegmentBytes - AesGcmFormat.TagBytes;

    /// <summary>Returns the length of the stream that seals so many bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than 2^32 segments hold.</exception>
    public static long CiphertextLength(long plaintextLength) => StreamGeometry.Standard.CiphertextLength(plaintextLength);

    /// <summary>Returns the plaintext length, or null when no stream has this length. Not authenticated by itself.</summary>
    public static long? PlaintextLength(long ciphertextLength) => StreamGeometry.Standard.PlaintextLength(ciphertextLength);

    /// <summary>Returns the segments that hold plaintext bytes [offset, offset + length).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than 2^32 segments hold.</exception>
    public static SegmentRange SegmentsFor(long plaintextOffset, long length) =>
        StreamGeometry.Standard.SegmentsFor(plaintextOffset, length);

    /// <summary>Returns where a segment is in a stream of the given length.</summary>
    /// <param name="index">From 0, below the number of segments.</param>
    /// <param name="ciphertextLength">A length that <see cref="PlaintextLength"/> accepts.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such segment.</exception>
    public static SegmentPlace Place(long index, long ciphertextLength) => StreamGeometry.Standard.Place(index, ciphertextLength);
}
