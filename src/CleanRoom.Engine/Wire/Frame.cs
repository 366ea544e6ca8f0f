using System.Buffers.Binary;

namespace CleanRoom.Engine.Wire;

/// <summary>One message between node and engine.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Header">JSON of the kind's header record, UTF-8.</param>
/// <param name="Payload">Bytes whose meaning the kind gives.</param>
/// <remarks>
/// Bytes: <c>u32be n || u8 kind || u32be h || header (h bytes) || payload (n - 5 - h bytes)</c>. Spec: contracts/spec/0012 s.3.
/// </remarks>
internal readonly record struct Frame(FrameKind Kind, ReadOnlyMemory<byte> Header, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The length field.</summary>
    public const int LengthBytes = 4;

    /// <summary>Kind and header length, the least that follows the length field.</summary>
    public const int FixedBytes = 5;

    /// <summary>The longest header.</summary>
    public const int MaxHeaderBytes = 65_536;

    /// <summary>Returns the bytes before the payload: length, kind, header length and header.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The header is too long, or the whole exceeds 2^31 - 1 bytes.</exception>
    public static byte[] EncodeHead(FrameKind kind, ReadOnlySpan<byte> header, int payloadLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(payloadLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(header.Length, MaxHeaderBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadLength, int.MaxValue - FixedBytes - MaxHeaderBytes);

        var bytes = new byte[LengthBytes + FixedBytes + header.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(FixedBytes + header.Length + payloadLength));
        bytes[LengthBytes] = (byte)kind;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(LengthBytes + 1), (uint)header.Length);
        header.CopyTo(bytes.AsSpan(LengthBytes + FixedBytes));
        return bytes;
    }

    /// <summary>Reads the length field.</summary>
    /// <param name="field">4 bytes. Trust: attacker-controlled.</param>
    /// <param name="maxLength">The most that may follow.</param>
    /// <param name="length">The number of bytes that follow.</param>
    /// <returns>False when it is under 5 or over the limit; nothing is allocated before.</returns>
    public static bool TryReadLength(ReadOnlySpan<byte> field, int maxLength, out int length)
    {
        var value = BinaryPrimitives.ReadUInt32BigEndian(field);
        var isInRange = value >= FixedBytes && value <= (uint)maxLength;
        length = isInRange ? (int)value : 0;
        return isInRange;
    }

    /// <summary>Reads what follows the length field.</summary>
    /// <param name="body">Exactly the announced bytes; the frame keeps them. Trust: attacker-controlled.</param>
    /// <param name="frame">The frame.</param>
    /// <returns>False for an unknown kind, or a header that is longer than allowed or than the body.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> body, out Frame frame)
    {
        frame = default;
        if (body.Length < FixedBytes)
        {
            return false;
        }

        var kind = (FrameKind)body.Span[0];
        var headerLength = BinaryPrimitives.ReadUInt32BigEndian(body.Span[1..]);
        if (kind == FrameKind.None || !Enum.IsDefined(kind)
            || headerLength > MaxHeaderBytes || headerLength > (uint)(body.Length - FixedBytes))
        {
            return false;
        }

        var payloadStart = FixedBytes + (int)headerLength;
        frame = new Frame(kind, body[FixedBytes..payloadStart], body[payloadStart..]);
        return true;
    }
}
