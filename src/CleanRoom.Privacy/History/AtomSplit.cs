namespace CleanRoom.Privacy.History;

/// <summary>What an offered set does to the atoms: those that it cuts get a second number, which holds the part inside.</summary>
/// <remarks>An atom is a class of units that are in the same released sets. After the split no atom is cut by the set.</remarks>
internal sealed class AtomSplit
{
    private readonly int[] _children;

    /// <summary>Counts the cuts.</summary>
    /// <param name="sizes">Units of each atom.</param>
    /// <param name="inside">Units of each atom that are in the offered set.</param>
    public AtomSplit(ReadOnlySpan<int> sizes, ReadOnlySpan<int> inside)
    {
        _children = new int[sizes.Length];
        var parents = new List<int>();
        for (var atom = 0; atom < sizes.Length; atom++)
        {
            var isCut = inside[atom] > 0 && inside[atom] < sizes[atom];
            _children[atom] = isCut ? sizes.Length + parents.Count : -1;
            if (isCut)
            {
                parents.Add(atom);
            }
        }

        Parents = [.. parents];
        Sizes = new int[sizes.Length + Parents.Length];
        IsInside = new bool[Sizes.Length];
        for (var atom = 0; atom < sizes.Length; atom++)
        {
            var child = _children[atom];
            Sizes[atom] = child < 0 ? sizes[atom] : sizes[atom] - inside[atom];
            IsInside[atom] = child < 0 && inside[atom] > 0;
            if (child >= 0)
            {
                (Sizes[child], IsInside[child]) = (inside[atom], true);
            }
        }
    }

    /// <summary>Gets the atoms that are cut, ascending; the new atom of the i-th has the number of old atoms + i.</summary>
    public int[] Parents { get; }

    /// <summary>Gets how many units each atom has after the split.</summary>
    public int[] Sizes { get; }

    /// <summary>Gets whether each atom lies in the offered set, after the split.</summary>
    public bool[] IsInside { get; }

    /// <summary>Gets the number of atoms before the split.</summary>
    public int Before => _children.Length;

    /// <summary>Gets the number of atoms after the split.</summary>
    public int After => Sizes.Length;

    /// <summary>Returns the new atom that holds the inside of a cut one; -1 for an atom that is not cut.</summary>
    public int ChildOf(int atom) => _children[atom];

    /// <summary>Returns the atom, before the split, that an atom after it was part of.</summary>
    public int OriginOf(int atom) => atom < Before ? atom : Parents[atom - Before];
}
