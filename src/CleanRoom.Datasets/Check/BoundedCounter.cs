using System.Runtime.InteropServices;

namespace CleanRoom.Datasets.Check;

/// <summary>Counts how often each key occurs, up to a number of different keys.</summary>
/// <remarks>20 bytes for each place of a table that is at most 7/8 full. Not safe for concurrent calls.</remarks>
/// <param name="limit">The number of different keys.</param>
internal sealed class BoundedCounter(int limit)
{
    private readonly KeyPlaces _places = KeyPlaces.Draw();
    private readonly Slot[][] _parts = [.. Enumerable.Repeat(Array.Empty<Slot>(), KeyPlaces.Parts)];
    private readonly int[] _used = new int[KeyPlaces.Parts];

    /// <summary>Gets the number of different keys counted.</summary>
    public int Distinct { get; private set; }

    /// <summary>Gets a value that says whether a key was left out because the table was full: then the counts are not exact.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Counts a key.</summary>
    /// <returns>How often it was seen, with this time; 0 if the table is full and the key is new.</returns>
    public int Add(UInt128 key)
    {
        var (low, high) = ((ulong)key, (ulong)(key >> 64));
        var hash = _places.HashOf(low, high);
        var part = KeyPlaces.PartOf(hash);
        if (_parts[part].Length > 0)
        {
            ref var known = ref Find(_parts[part], hash, low, high);
            if (known.Count > 0)
            {
                return ++known.Count;
            }
        }

        if (Distinct >= limit)
        {
            IsFull = true;
            return 0;
        }

        if (KeyPlaces.Grown(_parts[part].Length, _used[part]) is var places and > 0)
        {
            Grow(part, places);
        }

        Find(_parts[part], hash, low, high) = new Slot { Low = low, High = high, Count = 1 };
        _used[part]++;
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
            var hash = _places.HashOf((ulong)key, (ulong)(key >> 64));
            var slots = _parts[KeyPlaces.PartOf(hash)];
            sum += slots.Length == 0 ? 0 : slots[KeyPlaces.FirstOf(hash, slots.Length)].Low;
        }

        return sum;
    }

    private void Grow(int part, int places)
    {
        var grown = new Slot[places];
        foreach (var slot in _parts[part])
        {
            if (slot.Count > 0)
            {
                Find(grown, _places.HashOf(slot.Low, slot.High), slot.Low, slot.High) = slot;
            }
        }

        _parts[part] = grown;
    }

    /// <summary>Returns where the key is, or the free place for it.</summary>
    private static ref Slot Find(Slot[] slots, ulong hash, ulong low, ulong high)
    {
        var place = KeyPlaces.FirstOf(hash, slots.Length);
        while (slots[place].Count > 0 && (slots[place].Low != low || slots[place].High != high))
        {
            place = place + 1 == slots.Length ? 0 : place + 1;
        }

        return ref slots[place];
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Slot
    {
        public ulong Low;
        public ulong High;
        public int Count;
    }
}
