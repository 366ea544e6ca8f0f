using System.Buffers;
using System.Buffers.Binary;
using CleanRoom.Protocol;

namespace CleanRoom.Privacy.History;

/// <summary>The one byte form of a <see cref="UnitSet"/>.</summary>
/// <remarks>Spec: contracts/spec/0015 s.4. Vectors: contracts/vectors/privacy/unit-sets.json.</remarks>
public static class UnitSetCodec
{
    // u16 high bits, u8 form, and the least that a form takes: u16 count and one u16.
    private const int LeastContainerBytes = 7;
    private const int BitmapBytes = UnitContainer.Words * sizeof(ulong);

    /// <summary>Writes the set.</summary>
    public static byte[] Encode(UnitSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var output = new ArrayBufferWriter<byte>();
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), set.Containers.Length);
        output.Advance(sizeof(int));
        foreach (var container in set.Containers)
        {
            Write(container, output);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads a set, whole.</summary>
    /// <param name="bytes">Trust: attacker-controlled.</param>
    /// <param name="units">How many units the numbering has: every number is below it.</param>
    /// <returns>The set, or <see cref="RefusalCode.DocumentInvalid"/> for bytes that <see cref="Encode"/> does not give for any such set.</returns>
    public static Result<UnitSet> Decode(ReadOnlySpan<byte> bytes, long units)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        if (bytes.Length < sizeof(int))
        {
            return Refuse("a number of containers", $"{bytes.Length} bytes");
        }

        var count = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var left = bytes[sizeof(int)..];
        if (count > (units + 0xFFFF) >> 16 || count > left.Length / LeastContainerBytes)
        {
            return Refuse($"as many containers as {units} units and {left.Length} bytes may have", $"{count}");
        }

        var containers = new UnitContainer[(int)count];
        for (var i = 0; i < containers.Length; i++)
        {
            if (Read(ref left) is not { } container || (i > 0 && containers[i - 1].High >= container.High))
            {
                return Refuse("containers in ascending order, each in its one form", $"another container {i}");
            }

            containers[i] = container;
        }

        var set = new UnitSet(containers);
        return !left.IsEmpty ? Refuse("no bytes after the last container", $"{left.Length}")
            : set.End > units ? Refuse($"numbers below {units}", "a larger one")
            : set;
    }

    private static Refusal Refuse(string wanted, string got) => new(RefusalCode.DocumentInvalid, wanted, got);

    private static void Write(UnitContainer container, ArrayBufferWriter<byte> output)
    {
        var head = output.GetSpan(5);
        BinaryPrimitives.WriteUInt16BigEndian(head, container.High);
        head[2] = (byte)container.Form;
        output.Advance(3);
        if (container.Form == UnitForm.Bitmap)
        {
            Span<ulong> words = stackalloc ulong[UnitContainer.Words];
            container.CopyTo(words);
            foreach (var word in words)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(sizeof(ulong)), word);
                output.Advance(sizeof(ulong));
            }

            return;
        }

        var items = container.Form == UnitForm.Runs ? container.Numbers.Length / 2 : container.Numbers.Length;
        WriteNumber((ushort)(items - 1), output);
        foreach (var number in container.Numbers)
        {
            WriteNumber(number, output);
        }
    }

    private static void WriteNumber(ushort number, ArrayBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(sizeof(ushort)), number);
        output.Advance(sizeof(ushort));
    }

    /// <summary>Takes one container; null when it is cut off, of no known form, or not as <see cref="Write"/> gives it.</summary>
    private static UnitContainer? Read(ref ReadOnlySpan<byte> left)
    {
        if (left.Length < LeastContainerBytes)
        {
            return null;
        }

        var (high, form) = (BinaryPrimitives.ReadUInt16BigEndian(left), (UnitForm)left[2]);
        var items = BinaryPrimitives.ReadUInt16BigEndian(left[3..]) + 1;
        var length = form switch
        {
            UnitForm.Bitmap => 3 + BitmapBytes,
            UnitForm.Values => 5 + (items * sizeof(ushort)),
            UnitForm.Runs => 5 + (items * 2 * sizeof(ushort)),
            _ => int.MaxValue,
        };
        if (left.Length < length)
        {
            return null;
        }

        Span<ulong> words = stackalloc ulong[UnitContainer.Words];
        words.Clear();
        var taken = left[..length];
        left = left[length..];
        if (!Fill(form, taken, words) || UnitContainer.Of(high, words) is not { } container)
        {
            return null;
        }

        // Written anew it must be the same bytes: this leaves one form, ascending numbers, and runs that neither touch nor overlap.
        var again = new ArrayBufferWriter<byte>(length);
        Write(container, again);
        return again.WrittenSpan.SequenceEqual(taken) ? container : null;
    }

    private static bool Fill(UnitForm form, ReadOnlySpan<byte> taken, Span<ulong> words)
    {
        if (form == UnitForm.Bitmap)
        {
            for (var i = 0; i < words.Length; i++)
            {
                words[i] = BinaryPrimitives.ReadUInt64LittleEndian(taken[(3 + (i * sizeof(ulong)))..]);
            }

            return true;
        }

        var step = form == UnitForm.Runs ? sizeof(ushort) : 0;
        for (var at = 5; at < taken.Length; at += sizeof(ushort) + step)
        {
            var (first, last) = (BinaryPrimitives.ReadUInt16BigEndian(taken[at..]), BinaryPrimitives.ReadUInt16BigEndian(taken[(at + step)..]));
            if (first > last)
            {
                return false;
            }

            UnitContainer.Fill(words, first, last);
        }

        return true;
    }
}
