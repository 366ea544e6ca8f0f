namespace CleanRoom.Privacy.History;

/// <summary>Two vectors over the atoms that every row of a <see cref="RowSpace"/> is orthogonal to, otherwise arbitrary. They find combinations over one or two atoms.</summary>
/// <remarks>
/// Let v be in the row space and 0 outside the atoms a and b. Then v[a] w[a] + v[b] w[b] = 0 for every null vector w. So (w[a], w'[a]) is (0, 0) when
/// a alone can be derived, and (w[a], w'[a]) and (w[b], w'[b]) are proportional when a weighted sum of a and b can be: none is missed. For two
/// vectors spread over the whole null space the converse fails with probability 2^-61 for each pair, and then withholds a cell without need.
/// The vectors follow from the sequence of released sets alone, so that a state that is read again decides alike. Spec: contracts/spec/0015 s.3.
/// </remarks>
internal sealed class NullVectors
{
    // One atom, all units, is in the row space: only 0 is orthogonal.
    private ulong[][] _vectors = [[0], [0]];

    /// <summary>Returns what the vectors become with a new row.</summary>
    /// <param name="split">What the offered set makes of the atoms.</param>
    /// <param name="residue">The new row, reduced, 1 at <paramref name="entry"/>.</param>
    /// <param name="entry">Its pivot, or -1 when there is no new row.</param>
    /// <param name="pivots">The pivots of the other rows.</param>
    /// <param name="factors">Their entries in the column of the new pivot.</param>
    /// <param name="rank">The rank before the new row.</param>
    public ulong[][] Step(AtomSplit split, ulong[] residue, int entry, int[] pivots, ulong[] factors, int rank)
    {
        var next = new ulong[_vectors.Length][];
        for (var i = 0; i < next.Length; i++)
        {
            var vector = next[i] = new ulong[split.After];
            _vectors[i].CopyTo(vector, 0);
            for (var child = split.Before; child < split.After; child++)
            {
                // The parts of a cut atom share its entry in any way.
                var parent = split.OriginOf(child);
                vector[child] = Field61.Spread(((ulong)rank << 32) | ((ulong)child << 1) | (uint)i);
                vector[parent] = Field61.Subtract(vector[parent], vector[child]);
            }

            if (entry >= 0)
            {
                Project(vector, residue, entry, pivots, factors);
            }
        }

        return next;
    }

    /// <summary>Takes what <see cref="Step"/> gave.</summary>
    public void Take(ulong[][] next) => _vectors = next;

    /// <summary>Says whether a weighted sum over one atom or two, together of fewer units than the threshold, is in the row space.</summary>
    public static bool ShowFewerThan(int minUnits, int[] sizes, ulong[][] vectors)
    {
        var smallest = new Dictionary<ulong, int>();
        for (var atom = 0; atom < sizes.Length; atom++)
        {
            if (sizes[atom] >= minUnits)
            {
                continue;
            }

            var (x, y) = (vectors[0][atom], vectors[1][atom]);
            if (x == 0 && y == 0)
            {
                return true;
            }

            // Proportional pairs have one ratio; the modulus stands for a ratio with 0 below.
            var ratio = y == 0 ? Field61.Modulus : Field61.Multiply(x, Field61.Invert(y));
            if (!smallest.TryGetValue(ratio, out var other))
            {
                smallest.Add(ratio, sizes[atom]);
            }
            else if (other + sizes[atom] < minUnits)
            {
                return true;
            }
            else
            {
                smallest[ratio] = Math.Min(other, sizes[atom]);
            }
        }

        return false;
    }

    /// <summary>Makes a vector orthogonal to the new row along one that is orthogonal to all others: 1 at the new pivot, minus their entries at theirs.</summary>
    private static void Project(ulong[] vector, ulong[] residue, int entry, int[] pivots, ulong[] factors)
    {
        var product = 0UL;
        for (var atom = 0; atom < residue.Length; atom++)
        {
            product = Field61.Add(product, Field61.Multiply(residue[atom], vector[atom]));
        }

        vector[entry] = Field61.Subtract(vector[entry], product);
        for (var row = 0; row < pivots.Length; row++)
        {
            vector[pivots[row]] = Field61.Add(vector[pivots[row]], Field61.Multiply(product, factors[row]));
        }
    }
}
