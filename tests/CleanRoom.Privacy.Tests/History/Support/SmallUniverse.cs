using System.Numerics;
using CleanRoom.Privacy.History;
using CleanRoom.Protocol;

namespace CleanRoom.Privacy.Tests.History.Support;

/// <summary>The policy over a few units, in the slowest and plainest way: sets are bit masks, ranks are exact over the rationals.</summary>
internal sealed class SmallUniverse(int units, int minUnits)
{
    private static readonly UnitSet[] Sets = [.. Enumerable.Range(0, 1 << 12).Select(Make)];

    private readonly List<int> _released = [(1 << units) - 1];

    /// <summary>Gets the masks that were released, that of all units first.</summary>
    public IReadOnlyList<int> Released => _released;

    public static HistoryScope Scope { get; } = new("collaboration", "person-v1", Digest.Of("snapshot"u8), ["agency"]);

    /// <summary>Begins an audit of that many units with a threshold.</summary>
    public static HistoryAudit Audit(int units, int minUnits)
    {
        var audit = new HistoryAudit(Scope, units);
        audit.Charge(0, minUnits);
        return audit;
    }

    /// <summary>Returns the set of a mask of at most 12 units.</summary>
    public static UnitSet Set(int mask) => Sets[mask];

    private static UnitSet Make(int mask)
    {
        var builder = new UnitSetBuilder();
        for (; mask != 0; mask &= mask - 1)
        {
            builder.Add((uint)BitOperations.TrailingZeroCount(mask));
        }

        return builder.Build();
    }

    public void Release(int mask)
    {
        if (!_released.Contains(mask))
        {
            _released.Add(mask);
        }
    }

    /// <summary>Decides by the policy's words; combinations are sought over at most so many atoms.</summary>
    public CellDecision Decide(int mask, int atoms = int.MaxValue)
    {
        if (BitOperations.PopCount((uint)mask) < minUnits)
        {
            return CellDecision.Suppress;
        }

        if (_released.Contains(mask))
        {
            return CellDecision.Release;
        }

        return _released.Any(other => BitOperations.PopCount((uint)(other ^ mask)) < minUnits) ? CellDecision.DenyDifference
            : Shows([.. _released, mask], atoms) ? CellDecision.DenyLinear
            : CellDecision.Release;
    }

    /// <summary>Says whether a combination that is not 0 lives on at most so many atoms of together fewer units than the threshold.</summary>
    private bool Shows(List<int> sets, int atoms)
    {
        var rank = Rank(sets, (1 << units) - 1);
        var classes = Classes(sets);
        var places = new int[1 << classes.Length];
        for (var choice = 1; choice < places.Length; choice++)
        {
            places[choice] = places[choice & (choice - 1)] | classes[BitOperations.TrailingZeroCount(choice)];
            if (BitOperations.PopCount((uint)choice) <= atoms
                && BitOperations.PopCount((uint)places[choice]) < minUnits
                && Rank(sets, ((1 << units) - 1) & ~places[choice]) < rank)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns the atoms as masks: every set splits those that it cuts.</summary>
    private int[] Classes(List<int> sets)
    {
        List<int> classes = [(1 << units) - 1];
        foreach (var set in sets)
        {
            classes = [.. classes.Select(part => part & set).Concat(classes.Select(part => part & ~set)).Where(part => part != 0)];
        }

        return [.. classes];
    }

    /// <summary>Returns the rank of the indicator vectors in some columns: elimination without fractions (Bareiss 1968), so exact.</summary>
    private int Rank(List<int> sets, int columns)
    {
        var rows = new long[sets.Count][];
        for (var set = 0; set < rows.Length; set++)
        {
            rows[set] = new long[units];
            for (var unit = 0; unit < units; unit++)
            {
                rows[set][unit] = (sets[set] & columns) >> unit & 1;
            }
        }

        var (rank, last) = (0, 1L);
        for (var column = 0; column < units; column++)
        {
            var pivot = Array.FindIndex(rows, rank, row => row[column] != 0);
            if (pivot < 0)
            {
                continue;
            }

            (rows[rank], rows[pivot]) = (rows[pivot], rows[rank]);
            for (var row = rank + 1; row < rows.Length; row++)
            {
                for (var at = units - 1; at >= column; at--)
                {
                    rows[row][at] = checked((rows[rank][column] * rows[row][at]) - (rows[row][column] * rows[rank][at])) / last;
                }
            }

            (last, rank) = (rows[rank][column], rank + 1);
            if (rank == rows.Length)
            {
                break;
            }
        }

        return rank;
    }
}
