using System.Numerics;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Datasets.Conversion;

namespace CleanRoom.Grains.Datasets;

/// <summary>Spreads the units of a room over partitions: the first bits of a hash under a key of the room. Spec: contracts/spec/0007 s.12.</summary>
/// <param name="guestOnlyKey">Of the collaboration.</param>
/// <param name="count">The number of partitions: a power of two.</param>
internal sealed class RoomPartitions(SecretBytes guestOnlyKey, int count) : IUnitPartitioner
{
    private const int HashBits = 64;

    private readonly UnitHash _hash = UnitHash.Of(guestOnlyKey);
    private readonly int _bits = BitOperations.Log2((uint)count);

    /// <inheritdoc/>
    public int Count => count;

    // A partition of a version with few of them is the neighbouring ones of a version with many: the two can be joined part by part.
    /// <inheritdoc/>
    public int Of(ReadOnlySpan<byte> unit) => _bits == 0 ? 0 : (int)(_hash.Of(unit) >> (HashBits - _bits));
}
