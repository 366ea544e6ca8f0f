using System.Numerics;

namespace CleanRoom.Datasets.Conversion.Encodings;

/// <summary>Writes small integers as one run: of equal ones, or of packed ones. Spec: parquet Encodings, RLE / bit-packing hybrid.</summary>
internal static class HybridWriter
{
    private const int MostHeadBytes = 5;

    /// <summary>Returns the bits that the greatest of some values takes, at least 1.</summary>
    public static int BitsOf(int greatest) => Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)greatest));

    /// <summary>Returns the most bytes that so many values take.</summary>
    public static int MostBytes(int count, int bits) => MostHeadBytes + sizeof(int) + (Groups(count) * bits);

    /// <summary>Writes values.</summary>
    /// <param name="values">At least one; each below 2 to the power of <paramref name="bits"/>.</param>
    /// <param name="bits">Of a value, 1 to 24.</param>
    /// <param name="output">Takes <see cref="MostBytes"/>.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(ReadOnlySpan<int> values, int bits, Span<byte> output)
    {
        if (!values.ContainsAnyExcept(values[0]))
        {
            return WriteEqual(values[0], values.Length, bits, output);
        }

        var at = WriteHead(output, ((uint)Groups(values.Length) << 1) | 1);
        var end = at + (Groups(values.Length) * bits);
        var (word, filled) = (0UL, 0);
        foreach (var value in values)
        {
            word |= (ulong)(uint)value << filled;
            for (filled += bits; filled >= 8; filled -= 8, word >>= 8)
            {
                output[at++] = (byte)word;
            }
        }

        output[at..end].Clear();
        if (filled > 0)
        {
            output[at] = (byte)word;
        }

        return end;
    }

    /// <summary>Writes levels of 0 and 1.</summary>
    /// <param name="levels">At least one, a byte each.</param>
    /// <param name="output">Takes <see cref="MostBytes"/> of one bit.</param>
    /// <returns>The bytes written.</returns>
    public static int WriteLevels(ReadOnlySpan<byte> levels, Span<byte> output)
    {
        if (!levels.ContainsAnyExcept(levels[0]))
        {
            return WriteEqual(levels[0], levels.Length, bits: 1, output);
        }

        var at = WriteHead(output, ((uint)Groups(levels.Length) << 1) | 1);
        BooleanBits.Pack(levels, output.Slice(at, Groups(levels.Length)));
        return at + Groups(levels.Length);
    }

    private static int WriteEqual(int value, int count, int bits, Span<byte> output)
    {
        var at = WriteHead(output, (uint)count << 1);
        for (; bits > 0; bits -= 8, value >>= 8)
        {
            output[at++] = (byte)value;
        }

        return at;
    }

    private static int WriteHead(Span<byte> output, uint head)
    {
        var at = 0;
        for (; head >= 0x80; head >>= 7)
        {
            output[at++] = (byte)(head | 0x80);
        }

        output[at++] = (byte)head;
        return at;
    }

    private static int Groups(int count) => (count + 7) / 8;
}
