using System.Buffers.Binary;

namespace CleanRoom.Cryptography.Channel;

/// <summary>The four bytes before a frame: bit 31 marks the last frame, the rest is the length of the ciphertext.</summary>
/// <remarks>Not authenticated by itself: number and mark are in the nonce, the length in the tag. Spec: contracts/spec/0011 s.4.</remarks>
internal static class ChannelFrameHead
{
    private const uint LastMark = 0x8000_0000;

    internal static void Write(Span<byte> head, int ciphertextBytes, bool isLast) =>
        BinaryPrimitives.WriteUInt32BigEndian(head, (uint)ciphertextBytes | (isLast ? LastMark : 0));

    /// <summary>Reads the head; the length is what the sender says and may be anything.</summary>
    internal static (uint CiphertextBytes, bool IsLast) Read(ReadOnlySpan<byte> head)
    {
        var word = BinaryPrimitives.ReadUInt32BigEndian(head);
        return (word & ~LastMark, (word & LastMark) != 0);
    }

    /// <summary>Writes number and mark behind the nonce's prefix.</summary>
    internal static void WriteNonce(Span<byte> nonce, uint index, bool isLast)
    {
        BinaryPrimitives.WriteUInt32BigEndian(nonce[ChannelKeys.StreamPrefixBytes..], index);
        nonce[^1] = isLast ? (byte)1 : (byte)0;
    }
}
