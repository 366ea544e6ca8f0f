namespace CleanRoom.Cryptography.Streams;

/// <summary>Where one segment is.</summary>
/// <param name="Index">The segment's number, from 0.</param>
/// <param name="CiphertextOffset">Bytes from the beginning of the stream, header included.</param>
/// <param name="CiphertextBytes">Ciphertext and tag.</param>
/// <param name="PlaintextOffset">Bytes from the beginning of the plaintext.</param>
/// <param name="IsLast">Whether the stream ends with it.</param>
public readonly record struct SegmentPlace(
    long Index, long CiphertextOffset, int CiphertextBytes, long PlaintextOffset, bool IsLast)
{
    /// <summary>Gets the number of plaintext bytes.</summary>
    public int PlaintextBytes => CiphertextBytes - AesGcmFormat.TagBytes;
}
