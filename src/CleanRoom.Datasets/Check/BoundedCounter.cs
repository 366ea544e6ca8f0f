using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CleanRoom.Datasets.Check;

/// <summary>Counts how often each key occurs, up to a number of different keys.</summary>
/// <remarks>
/// 20 bytes for each place of a table that is at most 7/8 full. The table is in 256 parts that grow one by one, so that little memory is held twice.
/// Places are chosen by a random number: keys are collaborator-controlled, and must not be able to crowd. Not safe for concurrent calls.
/// </remarks>
internal sealed class BoundedCounter
{
    private const int PartBits = 8;

    // Doubled ten times these are the fewest places that hold a 256th of DatasetLimits.DistinctEntries.
    private const int FirstPlaces = 73;

    private readonly Part[] _parts = new Part[1 << PartBits];
    private readonly ulong[] _random = new ulong[4];
    private readonly int _limit;

    /// <summary>Makes an empty table.</summary>
    /// <param name="limit">The number of different keys.</param>
    public BoundedCounter(int limit)
    {
        _limit = limit;
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(_random.AsSpan()));
    }

    /// <summary>Gets the number of different keys counted.</summary>
    public int Distinct { get; private set; }

    /// <summary>Gets a value that says whether a key was left out because the table was full: then the counts are not exact.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Counts a key.</summary>
    /// <returns>How often it was seen, with this time; 0 if the table is full and the key is new.</returns>
    public int Add(UInt128 key)
    {
        var hash = HashOf(key);
        ref var part = ref _parts[hash >> (64 - PartBits)];
        if (part.Keys is not null)
        {
            var place = part.PlaceOf(hash, key);
            if (part.Counts[place] > 0)
            {
                return ++part.Counts[place];
            }
        }

        if (Distinct >= _limit)
        {
            IsFull = true;
            return 0;
        }

        if (part.Keys is null || part.Used >= part.Keys.Length / 8 * 7)
        {
            Grow(ref part);
        }

        part.Put(hash, key, count: 1);
        Distinct++;
        return 1;
    }

    /// <summary>Reads the places of keys that are counted next: the processor then waits for all of them at once, and not for one after the other.</summary>
    /// <returns>A number without a meaning, which keeps the reads from being left out.</returns>
    public ulong Touch(ReadOnlySpan<UInt128> keys)
    {
        var sum = 0UL;
        foreach (var key in keys)
        {
            var hash = HashOf(key);
            ref readonly var part = ref _parts[hash >> (64 - PartBits)];
            if (part.Keys is not null)
            {
                var place = Part.FirstPlace(hash, part.Keys.Length);
                sum += (ulong)part.Keys[place] + (uint)part.Counts[place];
            }
        }

        return sum;
    }

    // Multiply and shift by 128 random bits for each word: strongly universal (Dietzfelbinger 1996).
    private ulong HashOf(UInt128 key)
    {
        var (low, high) = ((ulong)key, (ulong)(key >> 64));
        return Math.BigMul(low, _random[0], out _) + (low * _random[1]) + Math.BigMul(high, _random[2], out _) + (high * _random[3]);
    }

    private void Grow(ref Part part)
    {
        var grown = new Part(part.Keys is null ? FirstPlaces : part.Keys.Length * 2);
        for (var i = 0; i < part.Keys?.Length; i++)
        {
            if (part.Counts[i] > 0)
            {
                grown.Put(HashOf(part.Keys[i]), part.Keys[i], part.Counts[i]);
            }
        }

        part = grown;
    }

    private struct Part(int places)
    {
        public readonly UInt128[] Keys = new UInt128[places];
        public readonly int[] Counts = new int[places];
        public int Used;

        public static int FirstPlace(ulong hash, int places) => (int)(((ulong)(uint)(hash >> (32 - PartBits)) * (uint)places) >> 32);

        /// <summary>Returns where the key is, or the free place for it.</summary>
        public readonly int PlaceOf(ulong hash, UInt128 key)
        {
            var place = FirstPlace(hash, Keys.Length);
            while (Counts[place] > 0 && Keys[place] != key)
            {
                place = place + 1 == Keys.Length ? 0 : place + 1;
            }

            return place;
        }

        public void Put(ulong hash, UInt128 key, int count)
        {
            var place = PlaceOf(hash, key);
            (Keys[place], Counts[place]) = (key, count);
            Used++;
        }
    }
}
