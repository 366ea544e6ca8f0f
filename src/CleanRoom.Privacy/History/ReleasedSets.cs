using System.Numerics;

namespace CleanRoom.Privacy.History;

/// <summary>The released sets, each as the atoms that it consists of. The first is the set of all units.</summary>
/// <remarks>Shape: one bit for each atom. A set of a million units takes 2 KiB at the most, since atoms are capped.</remarks>
internal sealed class ReleasedSets
{
    private readonly List<ulong[]> _members = [[1]];

    /// <summary>Gets the number of sets, with the set of all units.</summary>
    public int Count => _members.Count;

    /// <summary>Says whether a set has an atom.</summary>
    public bool Has(int set, int atom) => (_members[set][atom >> 6] >> atom & 1) != 0;

    /// <summary>Returns the least symmetric difference to any released set, as a number of units; 0 when the offered set was released before.</summary>
    /// <param name="sizes">Units of each atom.</param>
    /// <param name="inside">Units of each atom that are in the offered set.</param>
    /// <param name="cardinality">Units of the offered set.</param>
    public int LeastDifference(ReadOnlySpan<int> sizes, ReadOnlySpan<int> inside, int cardinality)
    {
        // |A xor B| = |B| + the sum over the atoms of A of (its units outside B less its units inside B).
        var weights = new int[sizes.Length];
        for (var atom = 0; atom < weights.Length; atom++)
        {
            weights[atom] = sizes[atom] - (2 * inside[atom]);
        }

        var least = int.MaxValue;
        foreach (var members in _members)
        {
            var difference = cardinality;
            for (var i = 0; i < members.Length; i++)
            {
                for (var word = members[i]; word != 0; word &= word - 1)
                {
                    difference += weights[(i << 6) + BitOperations.TrailingZeroCount(word)];
                }
            }

            least = Math.Min(least, difference);
        }

        return least;
    }

    /// <summary>Gives the new atoms to the sets of their parents, and adds the offered set.</summary>
    public void Add(AtomSplit split)
    {
        var words = (split.After + 63) >> 6;
        for (var set = 0; set < _members.Count; set++)
        {
            var members = _members[set];
            Array.Resize(ref members, words);
            _members[set] = members;
            for (var i = 0; i < split.Parents.Length; i++)
            {
                if (Has(set, split.Parents[i]))
                {
                    members[(split.Before + i) >> 6] |= 1UL << (split.Before + i);
                }
            }
        }

        var added = new ulong[words];
        for (var atom = 0; atom < split.After; atom++)
        {
            if (split.IsInside[atom])
            {
                added[atom >> 6] |= 1UL << atom;
            }
        }

        _members.Add(added);
    }
}
