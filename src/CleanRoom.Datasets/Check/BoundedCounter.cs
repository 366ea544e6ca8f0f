using System.Runtime.InteropServices;

namespace CleanRoom.Datasets.Check;

/// <summary>Counts how often each key occurs, up to a number of different keys.</summary>
internal sealed class BoundedCounter(int limit)
{
    private readonly Dictionary<UInt128, int> _counts = [];

    /// <summary>Gets the number of different keys counted.</summary>
    public int Distinct => _counts.Count;

    /// <summary>Gets a value that says whether a key was left out because the table was full: then the counts are not exact.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Counts a key.</summary>
    /// <returns>How often it was seen, with this time; 0 if the table is full and the key is new.</returns>
    public int Add(UInt128 key)
    {
        if (_counts.Count >= limit && !_counts.ContainsKey(key))
        {
            IsFull = true;
            return 0;
        }

        return ++CollectionsMarshal.GetValueRefOrAddDefault(_counts, key, out _);
    }
}
