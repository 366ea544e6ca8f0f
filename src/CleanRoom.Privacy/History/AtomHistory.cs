namespace CleanRoom.Privacy.History;

/// <summary>The audit over atoms: it knows how many units an atom has, not which.</summary>
internal sealed class AtomHistory(int units)
{
    private readonly ReleasedSets _released = new();
    private readonly RowSpace _space = new();
    private int[] _sizes = [units];

    /// <summary>Gets how many units each atom has.</summary>
    public ReadOnlySpan<int> Sizes => _sizes;

    /// <summary>Gets the released sets.</summary>
    public ReleasedSets Released => _released;

    /// <summary>Judges an offered set and changes nothing.</summary>
    /// <param name="inside">Units of each atom that are in the set.</param>
    /// <param name="minUnits">The threshold.</param>
    /// <param name="step">What a release takes; null when the set was released before, or is denied.</param>
    public CellDecision Judge(ReadOnlySpan<int> inside, int minUnits, out RowSpaceStep? step)
    {
        step = null;
        var cardinality = 0;
        foreach (var count in inside)
        {
            cardinality += count;
        }

        if (cardinality < minUnits)
        {
            return CellDecision.Suppress;
        }

        var difference = _released.LeastDifference(_sizes, inside, cardinality);
        if (difference < minUnits)
        {
            return difference == 0 ? CellDecision.Release : CellDecision.DenyDifference;
        }

        var split = new AtomSplit(_sizes, inside);
        if (!HasRoom(split))
        {
            return CellDecision.DenyLinear;
        }

        var next = _space.Step(split);
        if (_space.ShowsFewerThan(minUnits, next))
        {
            return CellDecision.DenyLinear;
        }

        step = next;
        return CellDecision.Release;
    }

    /// <summary>Says whether the limits leave room for a set.</summary>
    public bool HasRoom(AtomSplit split) => _released.Count <= HistoryLimits.MaxCells
        && split.After <= HistoryLimits.MaxAtoms
        && (long)(_space.Rank + 1) * split.After <= HistoryLimits.MaxEntries;

    /// <summary>Works out a release without judging it, for a set that was judged when it was released.</summary>
    public RowSpaceStep Step(AtomSplit split) => _space.Step(split);

    /// <summary>Takes a set among the released ones.</summary>
    public void Take(RowSpaceStep step)
    {
        _released.Add(step.Split);
        _space.Take(step);
        _sizes = step.Split.Sizes;
    }
}
