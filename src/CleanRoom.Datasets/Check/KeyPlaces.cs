using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CleanRoom.Datasets.Check;

/// <summary>Chooses where keys are in a table of 256 parts, which grow one by one so that little memory is held twice.</summary>
/// <remarks>By a random number of this instance: keys are collaborator-controlled, and must not be able to crowd.</remarks>
internal readonly struct KeyPlaces
{
    /// <summary>The number of parts.</summary>
    public const int Parts = 1 << PartBits;

    private const int PartBits = 8;

    // Doubled ten times these are the fewest places that hold a 256th of DatasetLimits.DistinctEntries.
    private const int FirstPlaces = 73;

    private readonly UInt128 _low;
    private readonly UInt128 _high;

    private KeyPlaces(UInt128 low, UInt128 high) => (_low, _high) = (low, high);

    /// <summary>Draws the random number.</summary>
    public static KeyPlaces Draw()
    {
        Span<UInt128> drawn = stackalloc UInt128[2];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(drawn));
        return new KeyPlaces(drawn[0], drawn[1]);
    }

    /// <summary>Returns the hash of a key. Multiply and shift by 128 random bits for each word: universal (Dietzfelbinger 1996).</summary>
    public ulong HashOf(ulong low, ulong high) =>
        Math.BigMul(low, (ulong)_low, out _) + (low * (ulong)(_low >> 64)) + Math.BigMul(high, (ulong)_high, out _) + (high * (ulong)(_high >> 64));

    /// <summary>Returns the part of a hash.</summary>
    public static int PartOf(ulong hash) => (int)(hash >> (64 - PartBits));

    /// <summary>Returns where in a part the search for a key begins. It goes on with the next place, behind the last with the first.</summary>
    public static int FirstOf(ulong hash, int places) => (int)(((ulong)(uint)(hash >> (32 - PartBits)) * (uint)places) >> 32);

    /// <summary>Returns the places of a part before it has to grow; 0 if it has to.</summary>
    public static int Grown(int places, int used) => places == 0 ? FirstPlaces : used >= places / 8 * 7 ? 2 * places : 0;
}
