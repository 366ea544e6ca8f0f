namespace CleanRoom.Privacy.History;

/// <summary>
/// Everything that linear combinations of the released sets give, over the atoms: the space of rows of the matrix sets x atoms, in reduced row
/// echelon form up to the order of columns.
/// </summary>
/// <remarks>
/// Shape: row i has 1 at its pivot atom, where all other rows have 0. Entries are modulo 2^61 - 1; rank modulo the prime is never above the rank over
/// the rationals. A set adds at most one row; cutting an atom doubles a column. Source: Chin and Ozsoyoglu, Auditing and inference control in statistical
/// databases, IEEE TSE 8(6), 1982. Spec: contracts/spec/0015 s.3.
/// </remarks>
internal sealed class RowSpace
{
    // Columns are taken in steps, so that a cut rarely copies the matrix.
    private const int ColumnStep = 256;

    private readonly List<ulong[]> _rows = [[1]];
    private readonly List<int> _pivots = [0];
    private readonly NullVectors _nulls = new();

    /// <summary>Gets the rank.</summary>
    public int Rank => _rows.Count;

    /// <summary>Works out what the space becomes with an offered set, without changing anything.</summary>
    public RowSpaceStep Step(AtomSplit split)
    {
        var pivots = new int[_rows.Count];
        var known = new ulong[split.Before];
        for (var row = 0; row < pivots.Length; row++)
        {
            var (pivot, child) = (_pivots[row], split.ChildOf(_pivots[row]));
            // A cut pivot goes on in its larger part: a row with a large pivot cannot be a small combination.
            pivots[row] = child >= 0 && split.Sizes[child] > split.Sizes[pivot] ? child : pivot;
            if (split.IsInside[pivots[row]])
            {
                Field61.AddTo(known, _rows[row].AsSpan(0, split.Before));
            }
        }

        // What the offered set adds to the rows: 0 at every pivot, and 0 everywhere when they give the set already.
        var residue = new ulong[split.After];
        var entry = -1;
        for (var atom = 0; atom < residue.Length; atom++)
        {
            residue[atom] = Field61.Subtract(split.IsInside[atom] ? 1UL : 0, known[split.OriginOf(atom)]);
            if (residue[atom] != 0 && (entry < 0 || split.Sizes[atom] > split.Sizes[entry]))
            {
                entry = atom;
            }
        }

        var factors = new ulong[_rows.Count];
        if (entry >= 0)
        {
            var (column, inverse) = (split.OriginOf(entry), Field61.Invert(residue[entry]));
            for (var atom = 0; atom < residue.Length; atom++)
            {
                residue[atom] = Field61.Multiply(residue[atom], inverse);
            }

            for (var row = 0; row < factors.Length; row++)
            {
                factors[row] = _rows[row][column];
            }
        }

        return new(split, pivots, residue, entry, factors, _nulls.Step(split, residue, entry, pivots, factors, Rank));
    }

    /// <summary>Says whether a combination over some units but fewer than the threshold shows: a row, an atom, or two atoms.</summary>
    public bool ShowsFewerThan(int minUnits, RowSpaceStep step)
    {
        var sizes = step.Split.Sizes;
        for (var row = 0; row < _rows.Count; row++)
        {
            if (sizes[step.Pivots[row]] < minUnits && !Reaches(minUnits, step, _rows[row], step.Factors[row]))
            {
                return true;
            }
        }

        return (step.Entry >= 0 && sizes[step.Entry] < minUnits && !Reaches(minUnits, step)) || NullVectors.ShowFewerThan(minUnits, sizes, step.Nulls);
    }

    /// <summary>Takes the step.</summary>
    public void Take(RowSpaceStep step)
    {
        var split = step.Split;
        for (var i = 0; i < _rows.Count; i++)
        {
            var row = Widen(_rows[i], split.After);
            for (var child = split.Before; child < split.After; child++)
            {
                row[child] = row[split.OriginOf(child)];
            }

            if (step.Factors[i] != 0)
            {
                Field61.AddMultipleTo(row.AsSpan(0, split.After), step.Residue, Field61.Subtract(0, step.Factors[i]));
            }

            (_rows[i], _pivots[i]) = (row, step.Pivots[i]);
        }

        if (step.Entry >= 0)
        {
            _rows.Add(Widen(step.Residue, split.After));
            _pivots.Add(step.Entry);
        }

        _nulls.Take(step.Nulls);
    }

    private static ulong[] Widen(ulong[] row, int columns)
    {
        if (row.Length < columns)
        {
            Array.Resize(ref row, (columns + ColumnStep - 1) / ColumnStep * ColumnStep);
        }

        return row;
    }

    /// <summary>Says whether a row, less the new one times a factor, is over at least so many units.</summary>
    private static bool Reaches(int minUnits, RowSpaceStep step, ulong[] row, ulong factor)
    {
        var units = 0;
        for (var atom = 0; atom < step.Split.After && units < minUnits; atom++)
        {
            if (row[step.Split.OriginOf(atom)] != Field61.Multiply(factor, step.Residue[atom]))
            {
                units += step.Split.Sizes[atom];
            }
        }

        return units >= minUnits;
    }

    private static bool Reaches(int minUnits, RowSpaceStep step)
    {
        var units = 0;
        for (var atom = 0; atom < step.Split.After && units < minUnits; atom++)
        {
            units += step.Residue[atom] != 0 ? step.Split.Sizes[atom] : 0;
        }

        return units >= minUnits;
    }
}
