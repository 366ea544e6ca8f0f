namespace CleanRoom.Datasets.Check;

/// <summary>Counts keys that occurred before, up to a number of different keys.</summary>
/// <remarks>
/// 16 bytes for each place of a table that is at most 7/8 full. Keys are collected and then looked up part by part: one after the other they would be
/// all over a table far larger than the processor's caches. What is counted is the same. Not safe for concurrent calls.
/// </remarks>
/// <param name="limit">The number of different keys.</param>
internal sealed class BoundedSet(int limit)
{
    private const int CollectedKeys = 1 << 18;

    private readonly KeyPlaces _places = KeyPlaces.Draw();
    private readonly Slot[][] _parts = [.. Enumerable.Repeat(Array.Empty<Slot>(), KeyPlaces.Parts)];
    private readonly int[] _used = new int[KeyPlaces.Parts];
    private Slot[] _collected = [];
    private Slot[] _sorted = [];
    private int _count;
    private int _distinct;
    private long _repeats;
    private bool _isFull;

    /// <summary>Adds a key.</summary>
    /// <param name="key">Below 2^127.</param>
    public void Add(UInt128 key)
    {
        if (_count == _collected.Length)
        {
            if (_count == CollectedKeys)
            {
                TakeCollected();
            }
            else
            {
                Array.Resize(ref _collected, Math.Clamp(4 * _count, 1 << 10, CollectedKeys));
            }
        }

        // The top bit tells a key from a free place.
        _collected[_count++] = new Slot { Low = (ulong)key, High = (ulong)(key >> 64) | (1UL << 63) };
    }

    /// <summary>Ends the count.</summary>
    /// <returns>How many keys had been added before, and whether that is exact: a key that was left out since the set was full is not known again.</returns>
    public (long Repeats, bool IsExact) Finish()
    {
        TakeCollected();
        return (_repeats, !_isFull);
    }

    private void TakeCollected()
    {
        // Which keys are left out depends on the order of rows: near the limit it is kept.
        var keys = _collected.AsSpan(0, _count);
        foreach (var key in _distinct + _count > limit ? keys : Sorted(keys))
        {
            Take(key);
        }

        _count = 0;
    }

    private ReadOnlySpan<Slot> Sorted(ReadOnlySpan<Slot> keys)
    {
        Span<int> ends = stackalloc int[KeyPlaces.Parts + 1];
        foreach (var key in keys)
        {
            ends[KeyPlaces.PartOf(_places.HashOf(key.Low, key.High)) + 1]++;
        }

        for (var i = 1; i <= KeyPlaces.Parts; i++)
        {
            ends[i] += ends[i - 1];
        }

        _sorted = _sorted.Length < keys.Length ? new Slot[_collected.Length] : _sorted;
        foreach (var key in keys)
        {
            _sorted[ends[KeyPlaces.PartOf(_places.HashOf(key.Low, key.High))]++] = key;
        }

        return _sorted.AsSpan(0, keys.Length);
    }

    private void Take(Slot key)
    {
        var hash = _places.HashOf(key.Low, key.High);
        var part = KeyPlaces.PartOf(hash);
        if (_parts[part].Length > 0 && Find(_parts[part], hash, key.Low, key.High).High != 0)
        {
            _repeats++;
            return;
        }

        if (_distinct >= limit)
        {
            _isFull = true;
            return;
        }

        if (KeyPlaces.Grown(_parts[part].Length, _used[part]) is var places and > 0)
        {
            Grow(part, places);
        }

        Find(_parts[part], hash, key.Low, key.High) = key;
        _used[part]++;
        _distinct++;
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
