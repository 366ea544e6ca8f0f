using System.Buffers.Binary;
using CleanRoom.Protocol;

namespace CleanRoom.Grains.Twins;

/// <summary>Numbers that look random and are the same for one verdict everywhere. They protect nothing: a twin holds nobody's data.</summary>
/// <remarks>SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).</remarks>
internal sealed class TwinDraws
{
    private ulong _state;

    public TwinDraws(Digest seed)
    {
        Span<byte> bytes = stackalloc byte[Digest.Length];
        seed.CopyTo(bytes);
        _state = BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    /// <summary>Returns a number from 0 up to but without the bound.</summary>
    public long Below(long bound)
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (long)((z ^ (z >> 31)) % (ulong)bound);
    }
}
