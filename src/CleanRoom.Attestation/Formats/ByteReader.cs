using System.Buffers.Binary;

namespace CleanRoom.Attestation.Formats;

/// <summary>Reads binary structures. A read that does not fit sets <see cref="Failed"/> for good and gives zeros, so that a parser checks once.</summary>
/// <remarks>Input: attacker-controlled. Nothing is allocated here: lengths are checked against what is left before anything is taken.</remarks>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Gets the bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Gets a value that says whether a read went beyond the end.</summary>
    public bool Failed { get; private set; }

    /// <summary>Gets the bytes that are left.</summary>
    public readonly int Remaining => _bytes.Length - Position;

    /// <summary>Gets a value that says whether every read fitted and nothing is left.</summary>
    public readonly bool IsDone => !Failed && Remaining == 0;

    public byte Byte() => Take(sizeof(byte)) is [var value] ? value : (byte)0;

    public ushort UInt16Little() => Take(sizeof(ushort)) is { Length: > 0 } span ? BinaryPrimitives.ReadUInt16LittleEndian(span) : (ushort)0;

    public uint UInt32Little() => Take(sizeof(uint)) is { Length: > 0 } span ? BinaryPrimitives.ReadUInt32LittleEndian(span) : 0;

    public ulong UInt64Little() => Take(sizeof(ulong)) is { Length: > 0 } span ? BinaryPrimitives.ReadUInt64LittleEndian(span) : 0;

    public ushort UInt16Big() => Take(sizeof(ushort)) is { Length: > 0 } span ? BinaryPrimitives.ReadUInt16BigEndian(span) : (ushort)0;

    public uint UInt32Big() => Take(sizeof(uint)) is { Length: > 0 } span ? BinaryPrimitives.ReadUInt32BigEndian(span) : 0;

    public ulong UInt64Big() => Take(sizeof(ulong)) is { Length: > 0 } span ? BinaryPrimitives.ReadUInt64BigEndian(span) : 0;

    /// <summary>Takes a number of bytes; empty when they are not there.</summary>
    /// <param name="count">A length out of the input may be passed as it is: what does not fit, or an int, fails.</param>
    public ReadOnlySpan<byte> Take(long count)
    {
        if (Failed || count < 0 || count > Remaining)
        {
            Failed = true;
            return [];
        }

        var taken = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    /// <summary>Passes over bytes that must be zero; fails when one is not.</summary>
    public void Zeros(long count)
    {
        if (Take(count).ContainsAnyExcept((byte)0))
        {
            Failed = true;
        }
    }
}
