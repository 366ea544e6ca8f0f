using System.Buffers.Binary;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Check;

/// <summary>Maps a value to 128 bits, so that sets of values have a known size.</summary>
/// <remarks>
/// Exact for all values but text and digests of more than 15 bytes. Those are hashed by a polynomial over a prime field under a random key of this
/// instance, so whoever made the data cannot have prepared a collision: two values of n bytes meet with a probability of at most
/// n / 15 / 2^127, whatever they are. The key MUST NOT be known before the data is fixed. Safe for concurrent calls. Spec: contracts/spec/0007 s.5.
/// </remarks>
internal sealed class CellKeyer
{
    private const int BlockBytes = 15;
    private const int LengthBit = 8 * BlockBytes;

    private readonly FieldKey _key = FieldKey.Draw();

    private static UInt128 Hashed => UInt128.One << 127;

    /// <summary>Returns the 128 bits of a value that is not NULL.</summary>
    public UInt128 Key(ColumnType type, in CheckedCell cell) => type switch
    {
        ColumnType.Uuid => cell.Wide,
        ColumnType.String or ColumnType.Sha256 => Hash(cell.Bytes),
        _ => (ulong)cell.Number,
    };

    /// <summary>Returns the 128 bits of a byte string.</summary>
    public UInt128 Hash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= BlockBytes)
        {
            return Block(bytes) | ((UInt128)(uint)bytes.Length << LengthBit);
        }

        var sum = (UInt128)(uint)bytes.Length;
        for (; bytes.Length > BlockBytes; bytes = bytes[BlockBytes..])
        {
            var block = new UInt128(BinaryPrimitives.ReadUInt64LittleEndian(bytes[7..]) >> 8, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            sum = _key.Multiply(PrimeField.Add(sum, block));
        }

        // The top bit keeps what is hashed apart from what is exact.
        return PrimeField.Canonical(_key.Multiply(PrimeField.Add(sum, Block(bytes)))) | Hashed;
    }

    /// <summary>Loads at most 15 bytes, little-endian.</summary>
    private static UInt128 Block(ReadOnlySpan<byte> bytes)
    {
        var length = bytes.Length;
        if (length >= sizeof(ulong))
        {
            // The last eight bytes overlap the first: only what is beyond them is kept. A shift by 64 would be none.
            var last = BinaryPrimitives.ReadUInt64LittleEndian(bytes[^sizeof(ulong)..]);
            return new UInt128(length == sizeof(ulong) ? 0 : last >> (8 * (16 - length)), BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        if (length >= sizeof(uint))
        {
            var last = (ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes[^sizeof(uint)..]);
            return (last >> (8 * (8 - length)) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        }

        var value = 0UL;
        for (var i = length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }
}
