namespace CleanRoom.Datasets.Check;

/// <summary>What a <see cref="BoundedSet"/> says of a key.</summary>
internal enum Seen
{
    /// <summary>It is new, and was added.</summary>
    First = 1,

    /// <summary>It was added before.</summary>
    Before = 2,

    /// <summary>It is new, and the set is full.</summary>
    LeftOut = 3,
}

/// <summary>Says which keys occurred before, up to a number of different keys.</summary>
/// <remarks>16 bytes for each place of a table that is at most 7/8 full. Not safe for concurrent calls.</remarks>
/// <param name="limit">The number of different keys.</param>
internal sealed class BoundedSet(int limit)
{
    private readonly KeyPlaces _places = KeyPlaces.Draw();
    private readonly Slot[][] _parts = [.. Enumerable.Repeat(Array.Empty<Slot>(), KeyPlaces.Parts)];
    private readonly int[] _used = new int[KeyPlaces.Parts];
    private int _distinct;

    /// <summary>Gets a value that says whether a key was left out because the set was full.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Adds a key.</summary>
    /// <param name="key">Below 2^127.</param>
    public Seen Add(UInt128 key)
    {
        // The top bit tells a key from a free place.
        var (low, high) = ((ulong)key, (ulong)(key >> 64) | (1UL << 63));
        var hash = _places.HashOf(low, high);
        var part = KeyPlaces.PartOf(hash);
        if (_parts[part].Length > 0 && Find(_parts[part], hash, low, high).High != 0)
        {
            return Seen.Before;
        }

        if (_distinct >= limit)
        {
            IsFull = true;
            return Seen.LeftOut;
        }

        if (KeyPlaces.Grown(_parts[part].Length, _used[part]) is var places and > 0)
        {
            Grow(part, places);
        }

        Find(_parts[part], hash, low, high) = new Slot { Low = low, High = high };
        _used[part]++;
        _distinct++;
        return Seen.First;
    }

    /// <summary>Reads the places of keys that are added next: the processor then waits for all of them at once, and not for one after the other.</summary>
    /// <returns>A number without a meaning, which keeps the reads from being left out.</returns>
    public ulong Touch(ReadOnlySpan<UInt128> keys)
    {
        var sum = 0UL;
        foreach (var key in keys)
        {
            var hash = _places.HashOf((ulong)key, (ulong)(key >> 64) | (1UL << 63));
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
            if (slot.High != 0)
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
        while (slots[place].High != 0 && (slots[place].Low != low || slots[place].High != high))
        {
            place = place + 1 == slots.Length ? 0 : place + 1;
        }

        return ref slots[place];
    }

    private struct Slot
    {
        public ulong Low;
        public ulong High;
    }
}
