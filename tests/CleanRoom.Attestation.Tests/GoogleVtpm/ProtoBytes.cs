namespace CleanRoom.Attestation.Tests.GoogleVtpm;

/// <summary>Writes messages of Protocol Buffers.</summary>
internal static class ProtoBytes
{
    /// <summary>Writes a number of 7 bits a byte.</summary>
    public static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        while (value > 0x7F)
        {
            bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        return [.. bytes, (byte)value];
    }

    /// <summary>Writes a field with bytes or a message.</summary>
    public static byte[] Field(int number, ReadOnlySpan<byte> content) => [.. Varint(((ulong)number << 3) | 2), .. Varint((ulong)content.Length), .. content];

    /// <summary>Writes a field with a number.</summary>
    public static byte[] Field(int number, ulong value) => [.. Varint((ulong)number << 3), .. Varint(value)];
}
