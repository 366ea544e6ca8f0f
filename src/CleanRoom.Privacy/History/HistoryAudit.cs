namespace CleanRoom.Privacy.History;

/// <summary>Remembers which sets of units stand behind the answers so far and withholds a cell that, with them, would show some units but fewer than the threshold.</summary>
/// <remarks>
/// The set of all units counts as released from the beginning: the total is assumed known. What a state holds is secret and MUST NOT leave the guest;
/// what is withheld MUST look the same for every reason. Not for use by several threads. After an exception of <see cref="HistoryBatch.Offer"/> the
/// state MUST be read again from its bytes. Memory: 2 bytes for each unit, 8 for each entry of the reduced matrix.
/// Policy and limits of the method: contracts/spec/0015 s.3 and s.7.
/// </remarks>
public sealed class HistoryAudit
{
    private readonly ushort[] _atoms;
    private readonly AtomHistory _history;

    /// <summary>Begins a history without answers.</summary>
    /// <param name="scope">What it is about.</param>
    /// <param name="units">How many units the numbering has: 1 to <see cref="HistoryLimits.MaxUnits"/>.</param>
    public HistoryAudit(HistoryScope scope, int units)
        : this(scope, Checked(units), new AtomHistory(units), minUnits: 1, cellsOffered: 0)
    {
    }

    internal HistoryAudit(HistoryScope scope, ushort[] atoms, AtomHistory history, int minUnits, int cellsOffered)
    {
        ArgumentNullException.ThrowIfNull(scope);
        (Scope, _atoms, _history, MinUnits, CellsOffered) = (scope, atoms, history, minUnits, cellsOffered);
    }

    /// <summary>Gets what the history is about.</summary>
    public HistoryScope Scope { get; }

    /// <summary>Gets the number of units; offered sets hold smaller numbers only.</summary>
    public int Units => _atoms.Length;

    /// <summary>Gets the threshold in force: the highest so far.</summary>
    public int MinUnits { get; private set; }

    /// <summary>Gets how many cells were offered, whatever became of them.</summary>
    public int CellsOffered { get; private set; }

    /// <summary>Gets how many different sets were released, without that of all units.</summary>
    public int SetsReleased => _history.Released.Count - 1;

    /// <summary>Gets how many atoms the released sets make.</summary>
    public int Atoms => _history.Sizes.Length;

    internal ReadOnlySpan<ushort> AtomOfUnit => _atoms;

    internal ReleasedSets Released => _history.Released;

    /// <summary>Counts cells as offered and raises the threshold. Comes before the cells are judged, so that it does not depend on them.</summary>
    internal void Charge(int cells, int minUnits) =>
        (CellsOffered, MinUnits) = (checked(CellsOffered + cells), Math.Max(MinUnits, minUnits));

    /// <summary>Judges a set and changes nothing.</summary>
    internal CellDecision Judge(UnitSet cell) => Judge(cell, out _);

    /// <summary>Judges a set; one that passes is in the list from now on.</summary>
    internal CellDecision Offer(UnitSet cell)
    {
        var decision = Judge(cell, out var step);
        if (step is not null)
        {
            foreach (var unit in cell)
            {
                if (step.Split.ChildOf(_atoms[unit]) is >= 0 and var child)
                {
                    _atoms[unit] = (ushort)child;
                }
            }

            _history.Take(step);
        }

        return decision;
    }

    private static ushort[] Checked(int units)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(units, HistoryLimits.MaxUnits);
        return new ushort[units];
    }

    private CellDecision Judge(UnitSet cell, out RowSpaceStep? step)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cell.End, Units);
        var inside = new int[Atoms];
        foreach (var unit in cell)
        {
            inside[_atoms[unit]]++;
        }

        return _history.Judge(inside, MinUnits, out step);
    }
}
