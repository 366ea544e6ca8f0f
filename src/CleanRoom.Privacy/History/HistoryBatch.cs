using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Privacy.History;

/// <summary>Offers the cells of one result to the histories that they touch.</summary>
/// <remarks>Spec: contracts/spec/0015 s.3.</remarks>
public static class HistoryBatch
{
    /// <summary>Offers a result. Rows come first, larger ones before smaller ones, then the aggregates of the rows that leave: the order of rows has no effect.</summary>
    /// <param name="rules">Every history that the query touches, each once.</param>
    /// <param name="rows">The rows that reach every threshold or not, in any order.</param>
    /// <param name="cells">
    /// How many cells are counted as offered: a row is one, and so is each aggregate of a column in it. Where the declared domains of the keys bound the
    /// number of rows the bound belongs here, so that the count does not depend on data.
    /// </param>
    /// <returns>A decision for each row, in the order of <paramref name="rows"/>; or <see cref="RefusalCode.BudgetExhausted"/> when a history has no
    /// room for so many cells. Then nothing was offered.</returns>
    /// <exception cref="ArgumentException">A cell lacks a set for a rule, a set holds a number beyond the units, or there are more cells than counted.</exception>
    public static Result<ImmutableArray<RowDecision>> Offer(IReadOnlyList<HistoryRule> rules, IReadOnlyList<OfferedRow> rows, int cells)
    {
        Check(rules, rows, cells);
        var full = rules.Where(rule => rule.Audit.CellsOffered > Math.Min(rule.MaxCells, HistoryLimits.MaxCells) - NewCells(rule, cells)).ToList();
        if (full.Count > 0)
        {
            return full.Select(rule => new Refusal(
                RefusalCode.BudgetExhausted,
                $"at most {Math.Min(rule.MaxCells, HistoryLimits.MaxCells)} cells offered over the life of a snapshot",
                $"{rule.Audit.CellsOffered} before and {NewCells(rule, cells)} now")).ToImmutableArray();
        }

        foreach (var rule in rules)
        {
            rule.Audit.Charge(NewCells(rule, cells), rule.MinUnits);
        }

        var decisions = Decide(rules, [.. rows.Select(row => row.Units)]);
        var released = Enumerable.Range(0, rows.Count).Where(row => decisions[row] == CellDecision.Release).ToList();
        var aggregates = Decide(rules, [.. released.SelectMany(row => rows[row].Aggregates)]);
        var next = 0;
        return rows.Select((row, i) => new RowDecision(decisions[i], [.. row.Aggregates.Select(
            _ => decisions[i] == CellDecision.Release ? aggregates[next++] : decisions[i])])).ToImmutableArray();
    }

    private static int NewCells(HistoryRule rule, int cells) => Math.Max(0, cells - rule.Counted);

    private static CellDecision[] Decide(IReadOnlyList<HistoryRule> rules, ImmutableArray<OfferedSet>[] cells)
    {
        var sorted = cells.Select(static cell => cell.Sort(Compare)).ToArray();
        var order = Enumerable.Range(0, cells.Length).ToArray();
        Array.Sort(order, (left, right) => Compare(sorted[left], sorted[right]));
        var decisions = new CellDecision[cells.Length];
        foreach (var cell in order)
        {
            decisions[cell] = Decide(rules, sorted[cell]);
        }

        return decisions;
    }

    /// <summary>Judges all sets of a cell before any is taken, so that one history does not remember what another withheld.</summary>
    /// <remarks>Two sets of one cell in one history can still stop each other; what was taken by then stays, which can only withhold more.</remarks>
    private static CellDecision Decide(IReadOnlyList<HistoryRule> rules, ImmutableArray<OfferedSet> cell)
    {
        if (cell.Length > 1 && Worst(cell, set => rules[set.Rule].Audit.Judge(set.Units)) is not CellDecision.Release and var decision)
        {
            return decision;
        }

        return Worst(cell, set => rules[set.Rule].Audit.Offer(set.Units));
    }

    private static CellDecision Worst(ImmutableArray<OfferedSet> cell, Func<OfferedSet, CellDecision> judge)
    {
        foreach (var set in cell)
        {
            if (judge(set) is not CellDecision.Release and var decision)
            {
                return decision;
            }
        }

        return CellDecision.Release;
    }

    private static int Compare(OfferedSet left, OfferedSet right) =>
        left.Rule != right.Rule ? left.Rule.CompareTo(right.Rule) : UnitSet.CompareOffers(left.Units, right.Units);

    private static int Compare(ImmutableArray<OfferedSet> left, ImmutableArray<OfferedSet> right)
    {
        for (var i = 0; i < left.Length && i < right.Length; i++)
        {
            if (Compare(left[i], right[i]) is not 0 and var order)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private static void Check(IReadOnlyList<HistoryRule> rules, IReadOnlyList<OfferedRow> rows, int cells)
    {
        if (rules.Count == 0 || rules.DistinctBy(rule => rule.Audit).Count() != rules.Count || rules.Any(rule => rule.MinUnits < 1 || rule.MaxCells < 0 || rule.Counted < 0))
        {
            throw new ArgumentException("wanted different histories, at least one, each with a threshold of at least 1", nameof(rules));
        }

        var offered = rows.Sum(row => 1L + row.Aggregates.Length);
        if (cells < offered)
        {
            throw new ArgumentOutOfRangeException(nameof(cells), cells, $"wanted at least the {offered} cells that there are");
        }

        foreach (var cell in rows.SelectMany(row => row.Aggregates.Prepend(row.Units)))
        {
            if (cell.Any(set => set.Rule < 0 || set.Rule >= rules.Count || set.Units.End > rules[set.Rule].Audit.Units)
                || cell.Select(set => set.Rule).Distinct().Count() != rules.Count)
            {
                throw new ArgumentException("wanted a set within the units of every history for each cell", nameof(rows));
            }
        }
    }
}
