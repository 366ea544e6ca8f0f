using System.Buffers.Binary;
using CleanRoom.Fuzz.Pieces;

namespace CleanRoom.Fuzz.Mutation;

/// <summary>Changes bytes without knowing what they mean: bits, integers at their limits, cuts, insertions.</summary>
internal sealed class ByteMutator(Random random)
{
    private const int MaxGrowth = 64;

    private static readonly ulong[] s_limits =
        [0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff, long.MaxValue, ulong.MaxValue];

    private static readonly string[] s_literals =
        ["0", "-0", "-1", "1", "1.5", "1e3", "9223372036854775807", "9223372036854775808", "1e400", "true", "false", "null", "\"\"", "[]", "{}"];

    private static readonly string[] s_texts =
        ["", "0", "none", "\\ud800", "\\u0000", "%", "\u00e9", "a\\nb", "../..", "2026-13-45T00:00:00.000Z", "9999-12-31T23:59:59.999Z", "any"];

    /// <summary>Returns a change of a leaf that is still of its kind, mostly of the same length.</summary>
    public byte[] Change(byte[] bytes, PieceKind kind) => kind switch
    {
        PieceKind.Literal => System.Text.Encoding.UTF8.GetBytes(s_literals[random.Next(s_literals.Length)]),
        PieceKind.Text when bytes.Length == 0 || random.Next(4) == 0 => System.Text.Encoding.UTF8.GetBytes(s_texts[random.Next(s_texts.Length)]),
        PieceKind.Text => Letter(bytes),
        _ => random.Next(5) == 0 ? Resize(bytes) : SameLength(bytes),
    };

    /// <summary>Returns a change of the same length.</summary>
    public byte[] SameLength(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return bytes;
        }

        var changed = (byte[])bytes.Clone();
        switch (random.Next(5))
        {
            case 0:
                changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
                break;
            case 2:
                var range = Range(changed.Length, 64);
                changed.AsSpan(range).Fill(random.Next(2) == 0 ? (byte)0 : (byte)0xff);
                break;
            default:
                Integer(changed);
                break;
        }

        return changed;
    }

    /// <summary>Returns a shorter or longer change.</summary>
    public byte[] Resize(byte[] bytes)
    {
        var at = random.Next(bytes.Length + 1);
        switch (random.Next(3))
        {
            case 0:
                return bytes[..at];
            case 1 when bytes.Length > 0:
                var range = Range(bytes.Length, MaxGrowth);
                return [.. bytes[..range.Start.Value], .. bytes[range.End.Value..]];
            default:
                var inserted = new byte[random.Next(1, MaxGrowth)];
                random.NextBytes(inserted);
                return [.. bytes[..at], .. inserted, .. bytes[at..]];
        }
    }

    private byte[] Letter(byte[] bytes)
    {
        var changed = (byte[])bytes.Clone();
        changed[random.Next(changed.Length)] = (byte)"0123456789abcdefgzAZ-_.:/ ?"[random.Next(27)];
        return changed;
    }

    /// <summary>Writes a number at one of its limits where fields stand, at a multiple of its size.</summary>
    private void Integer(byte[] bytes)
    {
        var size = 1 << random.Next(4);
        if (bytes.Length < size)
        {
            return;
        }

        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(number, s_limits[random.Next(s_limits.Length)]);
        number = number[..size];
        if (random.Next(2) == 0)
        {
            number.Reverse();
        }

        number.CopyTo(bytes.AsSpan(random.Next(bytes.Length / size) * size));
    }

    private Range Range(int length, int most)
    {
        var start = random.Next(length);
        return start..Math.Min(length, start + random.Next(1, most));
    }
}
