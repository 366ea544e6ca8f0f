using System.Buffers.Binary;

namespace CleanRoom.Engine.Wire;

/// <summary>The first nine bytes of a frame: what follows, and how much. Spec: contracts/spec/0012 s.3.</summary>
/// <param name="Kind">What the frame says.</param>
/// <param name="HeaderBytes">Length of the header.</param>
/// <param name="PayloadBytes">Length of the payload.</param>
internal readonly record struct FrameHead(FrameKind Kind, int HeaderBytes, int PayloadBytes)
{
    /// <summary>Its own length.</summary>
    public const int Bytes = LengthBytes + FixedBytes;

    /// <summary>The longest header.</summary>
    public const int MaxHeaderBytes = 65_536;

    private const int LengthBytes = 4;
    private const int FixedBytes = 5;

    /// <summary>Gets the number of bytes that follow.</summary>
    public int BodyBytes => HeaderBytes + PayloadBytes;

    /// <summary>Reads a head; the caller allocates for the body only after it.</summary>
    /// <param name="bytes">Exactly nine. Trust: attacker-controlled.</param>
    /// <param name="limits">What the reader takes.</param>
    /// <returns>Null for a kind that is not taken, lengths that do not agree, or more than the limits.</returns>
    public static FrameHead? Parse(ReadOnlySpan<byte> bytes, FrameLimits limits)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Bytes);
        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var kind = (FrameKind)bytes[LengthBytes];
        var header = BinaryPrimitives.ReadUInt32BigEndian(bytes[(LengthBytes + 1)..]);
        if (limits.MaxPayloadBytes(kind) is not { } maxPayload || header > MaxHeaderBytes || length < FixedBytes + header)
        {
            return null;
        }

        var payload = length - FixedBytes - header;
        return payload <= (uint)maxPayload ? new FrameHead(kind, (int)header, (int)payload) : null;
    }

    /// <summary>Returns the head and the header.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The header is too long, or the whole exceeds 2^31 - 1 bytes.</exception>
    public static byte[] Encode(FrameKind kind, ReadOnlySpan<byte> header, int payloadBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(payloadBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(header.Length, MaxHeaderBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadBytes, int.MaxValue - FixedBytes - MaxHeaderBytes);

        var bytes = new byte[Bytes + header.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(FixedBytes + header.Length + payloadBytes));
        bytes[LengthBytes] = (byte)kind;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(LengthBytes + 1), (uint)header.Length);
        header.CopyTo(bytes.AsSpan(Bytes));
        return bytes;
    }
}
