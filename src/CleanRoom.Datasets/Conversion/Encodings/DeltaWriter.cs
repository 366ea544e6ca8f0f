using System.Buffers.Binary;
using System.Numerics;

namespace CleanRoom.Datasets.Conversion.Encodings;

/// <summary>Writes integers as differences from the one before, each packed to the bits that it takes. Spec: parquet Encodings, DELTA_BINARY_PACKED.</summary>
/// <remarks>Reading costs an addition and a shift a value where a general compression costs a search. The bytes follow from the values.</remarks>
internal static class DeltaWriter
{
    private const int BlockValues = 2_048;
    private const int MiniBlocks = 8;
    private const int MiniBlockValues = BlockValues / MiniBlocks;
    private const int MostVarintBytes = 10;
    private const int WordBits = 64;

    /// <summary>Returns the most bytes that so many integers take.</summary>
    public static int MostBytes(int count) =>
        (4 * MostVarintBytes) + (((count / BlockValues) + 1) * (MostVarintBytes + MiniBlocks + (BlockValues * sizeof(long))));

    /// <summary>Writes integers.</summary>
    /// <param name="plain">The integers, little-endian.</param>
    /// <param name="width">The bytes of one: 4 or 8. Differences wrap in as many.</param>
    /// <param name="output">Takes <see cref="MostBytes"/>.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(ReadOnlySpan<byte> plain, int width, Span<byte> output)
    {
        var count = plain.Length / width;
        var at = WriteVarint(output, 0, BlockValues);
        at = WriteVarint(output, at, MiniBlocks);
        at = WriteVarint(output, at, (ulong)count);
        var last = count == 0 ? 0 : Read(plain, width, 0);
        at = WriteZigZag(output, at, last);
        Span<long> deltas = stackalloc long[BlockValues];
        for (var next = 1; next < count;)
        {
            var some = Math.Min(BlockValues, count - next);
            var least = long.MaxValue;
            for (var i = 0; i < some; i++)
            {
                var value = Read(plain, width, next + i);
                var delta = unchecked(value - last);
                delta = width == sizeof(int) ? (int)delta : delta;
                deltas[i] = delta;
                least = Math.Min(least, delta);
                last = value;
            }

            at = WriteBlock(deltas[..some], least, width, output, at);
            next += some;
        }

        return at;
    }

    private static int WriteBlock(ReadOnlySpan<long> deltas, long least, int width, Span<byte> output, int at)
    {
        at = WriteZigZag(output, at, least);
        var widths = output.Slice(at, MiniBlocks);
        widths.Clear();
        at += MiniBlocks;
        for (var mini = 0; mini * MiniBlockValues < deltas.Length; mini++)
        {
            var some = deltas[(mini * MiniBlockValues)..Math.Min(deltas.Length, (mini + 1) * MiniBlockValues)];
            var all = 0UL;
            foreach (var delta in some)
            {
                all |= Above(delta, least, width);
            }

            var bits = WordBits - BitOperations.LeadingZeroCount(all);
            widths[mini] = (byte)bits;
            Pack(some, least, width, bits, output.Slice(at, MiniBlockValues * bits / 8));
            at += MiniBlockValues * bits / 8;
        }

        return at;
    }

    /// <summary>Packs what differences are above the least; what is missing to a whole number of them is zero.</summary>
    private static void Pack(ReadOnlySpan<long> deltas, long least, int width, int bits, Span<byte> output)
    {
        var (word, filled, at) = (0UL, 0, 0);
        foreach (var delta in deltas)
        {
            var value = Above(delta, least, width);
            word |= value << filled;
            filled += bits;
            if (filled >= WordBits)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(output[at..], word);
                at += sizeof(ulong);
                filled -= WordBits;

                // A shift by 64 would be none.
                word = filled == 0 ? 0 : value >> (bits - filled);
            }
        }

        output[at..].Clear();
        for (; filled > 0; filled -= 8, word >>= 8)
        {
            output[at++] = (byte)word;
        }
    }

    private static ulong Above(long delta, long least, int width) =>
        unchecked(width == sizeof(int) ? (uint)(int)(delta - least) : (ulong)(delta - least));

    private static long Read(ReadOnlySpan<byte> plain, int width, int index) => width == sizeof(int)
        ? BinaryPrimitives.ReadInt32LittleEndian(plain[(index * sizeof(int))..])
        : BinaryPrimitives.ReadInt64LittleEndian(plain[(index * sizeof(long))..]);

    private static int WriteZigZag(Span<byte> output, int at, long value) => WriteVarint(output, at, (ulong)((value << 1) ^ (value >> 63)));

    private static int WriteVarint(Span<byte> output, int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            output[at++] = (byte)(value | 0x80);
        }

        output[at++] = (byte)value;
        return at;
    }
}
