using System.Buffers.Binary;

namespace CleanRoom.Datasets.Conversion.Encodings;

/// <summary>Packs bytes of 0 and 1 to bits, the first into the lowest. Spec: parquet Encodings, PLAIN of booleans.</summary>
internal static class BooleanBits
{
    /// <summary>Returns the bytes of so many bits.</summary>
    public static int Bytes(int bits) => (bits + 7) / 8;

    /// <summary>Packs.</summary>
    /// <param name="bits">A byte each.</param>
    /// <param name="packed">Takes <see cref="Bytes"/>.</param>
    public static void Pack(ReadOnlySpan<byte> bits, Span<byte> packed)
    {
        // Byte i of eight is shifted to bit 56 + i, and no two other products meet.
        const ulong Gather = 0x0102_0408_1020_4080;
        var whole = bits.Length / 8;
        for (var i = 0; i < whole; i++)
        {
            packed[i] = (byte)((BinaryPrimitives.ReadUInt64LittleEndian(bits[(8 * i)..]) * Gather) >> 56);
        }

        if (whole < packed.Length)
        {
            packed[whole] = 0;
            for (var i = 8 * whole; i < bits.Length; i++)
            {
                packed[whole] |= (byte)(bits[i] << (i & 7));
            }
        }
    }
}
