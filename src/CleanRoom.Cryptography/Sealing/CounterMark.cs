using System.Buffers.Binary;
using System.Text;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>What stands beside a machine's counter: the log that belongs to one of its values.</summary>
/// <param name="Count">The counter's value.</param>
/// <param name="Size">Rows of the log.</param>
/// <param name="Root">The root over them.</param>
/// <remarks>
/// u64 count || u64 size || root (32) || HKDF-SHA256(mark key, no salt, label || 0x00 || collaboration || those 48 bytes); integers big-endian.
/// Whoever can write beside the counter still cannot say that a log belongs to its value. Spec: contracts/spec/0022 s.2.
/// </remarks>
public readonly record struct CounterMark(ulong Count, long Size, Digest Root)
{
    /// <summary>Length in bytes.</summary>
    public const int Length = BoundBytes + TagBytes;

    private const int BoundBytes = sizeof(ulong) + sizeof(long) + Digest.Length;
    private const int TagBytes = 32;

    /// <summary>Writes it.</summary>
    /// <param name="markKey">Of the collaboration.</param>
    /// <param name="collaboration">Its id.</param>
    public Bytes Write(SecretBytes markKey, string collaboration)
    {
        var bound = new byte[BoundBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bound, Count);
        BinaryPrimitives.WriteInt64BigEndian(bound.AsSpan(sizeof(ulong)), Size);
        Root.ToArray().CopyTo(bound, sizeof(ulong) + sizeof(long));
        using var tag = Tag(markKey, collaboration, bound);
        return new Bytes([.. bound, .. tag.Span]);
    }

    /// <summary>Reads it. Trust: whoever can write to the machine's TEE.</summary>
    /// <returns>The mark, or <see cref="RefusalCode.SealInvalid"/> for bytes that this collaboration's guests did not write.</returns>
    public static Result<CounterMark> Open(SecretBytes markKey, string collaboration, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            return new Refusal(RefusalCode.SealInvalid, $"a mark of {Length} bytes beside the counter", $"{bytes.Length} bytes");
        }

        using var tag = Tag(markKey, collaboration, bytes[..BoundBytes]);
        var size = BinaryPrimitives.ReadInt64BigEndian(bytes[sizeof(ulong)..]);
        return tag.FixedTimeEquals(bytes[BoundBytes..]) && size >= 0
            ? new CounterMark(BinaryPrimitives.ReadUInt64BigEndian(bytes), size, new Digest(bytes[(sizeof(ulong) + sizeof(long))..BoundBytes]))
            : new Refusal(RefusalCode.SealInvalid, "a mark that a guest of this collaboration wrote", "another");
    }

    private static SecretBytes Tag(SecretBytes markKey, string collaboration, ReadOnlySpan<byte> bound)
    {
        ArgumentNullException.ThrowIfNull(markKey);
        return SecretKdf.Derive(markKey.Span, salt: [], [.. Labels.CounterMark, .. Encoding.UTF8.GetBytes(collaboration), .. bound]);
    }
}
