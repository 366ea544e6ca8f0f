using System.Buffers.Binary;

namespace CleanRoom.Fuzz;

/// <summary>Changes bytes the way hostile evidence would: single bits, lengths at their limits, cuts, insertions, splices, deep nesting.</summary>
internal sealed class Mutator(Random random)
{
    private static readonly uint[] s_lengths = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];

    /// <summary>Returns a changed copy of at most twice the length plus 4 KiB.</summary>
    /// <param name="other">Bytes of another seed, to splice in.</param>
    public byte[] Mutate(byte[] seed, byte[] other)
    {
        var bytes = (byte[])seed.Clone();
        for (var step = random.Next(1, 5); step > 0; step--)
        {
            bytes = One(bytes, other);
        }

        return bytes;
    }

    private byte[] One(byte[] bytes, byte[] other)
    {
        if (bytes.Length == 0)
        {
            return other;
        }

        var at = random.Next(bytes.Length);
        switch (random.Next(8))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                return bytes[..at];
            case 3:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 64))..]];
            case 4:
                var inserted = new byte[random.Next(1, 64)];
                random.NextBytes(inserted);
                return [.. bytes[..at], .. inserted, .. bytes[at..]];
            case 5 when bytes.Length >= sizeof(uint):
                var place = bytes.AsSpan(random.Next(bytes.Length - sizeof(uint) + 1));
                var length = s_lengths[random.Next(s_lengths.Length)];
                if (random.Next(2) == 0)
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(place, length);
                }
                else
                {
                    BinaryPrimitives.WriteUInt32BigEndian(place, length);
                }

                return bytes;
            case 6 when other.Length > 0:
                var from = random.Next(other.Length);
                return [.. bytes[..at], .. other[from..Math.Min(other.Length, from + random.Next(1, 512))], .. bytes[at..]];
            default:
                // CBOR arrays or JSON arrays, one in the other.
                return [.. bytes[..at], .. Enumerable.Repeat(random.Next(2) == 0 ? (byte)0x81 : (byte)'[', random.Next(1, 4_096)), .. bytes[at..]];
        }
    }
}
