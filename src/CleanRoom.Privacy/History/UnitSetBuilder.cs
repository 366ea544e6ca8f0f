namespace CleanRoom.Privacy.History;

/// <summary>Collects unit numbers into a <see cref="UnitSet"/>. Numbers may come in any order and repeat; ascending ones cost least.</summary>
/// <remarks>Takes 8 KiB for each 65,536 numbers of the numbering that occur.</remarks>
public sealed class UnitSetBuilder
{
    private readonly SortedDictionary<ushort, ulong[]> _bitmaps = [];
    private ulong[]? _last;
    private ushort _lastHigh;

    /// <summary>Adds a number.</summary>
    public void Add(uint number)
    {
        var high = (ushort)(number >> 16);
        if (_last is null || _lastHigh != high)
        {
            if (!_bitmaps.TryGetValue(high, out var bitmap))
            {
                _bitmaps.Add(high, bitmap = new ulong[UnitContainer.Words]);
            }

            (_last, _lastHigh) = (bitmap, high);
        }

        _last[(ushort)number >> 6] |= 1UL << (int)number;
    }

    /// <summary>Returns the set of the numbers so far; more may be added after it.</summary>
    public UnitSet Build() => new([.. _bitmaps.Select(entry => UnitContainer.Of(entry.Key, entry.Value)!)]);
}
