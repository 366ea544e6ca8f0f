using System.Collections.Immutable;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.History;
using CleanRoom.Protocol;

namespace CleanRoom.Policy.Gate;

/// <summary>
/// The threshold tier's output gate with the audit of earlier answers: what reaches its thresholds is offered to the histories of the owners who
/// want it, and what they withhold looks like what the thresholds withhold. Then come HAVING, ORDER BY and LIMIT.
/// </summary>
/// <remarks>Pure but for the histories. Spec: contracts/spec/0003 s.4, 0015 s.3 and s.8.</remarks>
public static class HistoryGate
{
    /// <summary>Returns how many units the numbering of each dataset of <see cref="PlanHistory.Datasets"/> has, in their order; at least 1 each.</summary>
    /// <param name="plan">A plan with an audit.</param>
    /// <param name="rows">The rows of the generated SQL. Trust: engine-controlled.</param>
    /// <exception cref="ArgumentException">There is no row, they do not agree, or a number is beyond <see cref="HistoryLimits.MaxUnits"/>.</exception>
    public static ImmutableArray<int> Units(QueryPlan plan, IReadOnlyCollection<ImmutableArray<CellValue>> rows)
    {
        var layout = GeneratedLayout.Of(plan);
        if (rows.Count == 0 || rows.Any(row => row.Length != layout.Length))
        {
            throw new ArgumentException($"wanted rows, at least one, of {layout.Length} columns", nameof(rows));
        }

        // A dataset of nobody has a history of one number that nobody has: the audit has no state of none.
        return
        [
            .. GeneratedLayout.Places(layout, GeneratedKind.Numbered).Select(column =>
                rows.Select(row => row[column]).Distinct().ToList() is [CellValue.Number { Scale: 0 } number]
                    && number.Unscaled >= 0 && number.Unscaled <= HistoryLimits.MaxUnits
                    ? Math.Max(1, (int)number.Unscaled)
                    : throw new ArgumentException($"wanted one number of units in every row, at most {HistoryLimits.MaxUnits}", nameof(rows))),
        ];
    }

    /// <summary>Applies the gate. The histories remember what leaves.</summary>
    /// <param name="plan">A plan with an audit.</param>
    /// <param name="rows">The rows of the generated SQL, each with the columns of <see cref="GeneratedLayout"/>. Trust: engine-controlled.</param>
    /// <param name="histories">One for each of <see cref="PlanHistory.Datasets"/>, in their order.</param>
    /// <returns>What leaves; or <see cref="RefusalCode.BudgetExhausted"/> when a history has no room for the plan's cells.</returns>
    /// <exception cref="ArgumentException">A row has other columns than the plan's, or lists other people than it counts; the histories are then not to be kept.</exception>
    public static Result<ReleasedTable> Apply(
        QueryPlan plan, IEnumerable<ImmutableArray<CellValue>> rows, ImmutableArray<HistoryRule> histories)
    {
        if (plan.History is not { } history || history.Datasets.Length != histories.Length)
        {
            throw new ArgumentException("wanted a history for each dataset that wants one", nameof(histories));
        }

        // The contract's bound on rows holds before the audit: what is beyond it neither leaves nor is remembered. The rows of most people come first.
        var layout = GeneratedLayout.Of(plan);
        var counted = Enumerable.Range(0, layout.Length).First(column => layout[column].Kind == GeneratedKind.Units);
        var survivors = ThresholdGate.Survivors(plan, rows).ToList();
        survivors.Sort((left, right) => Compare(right.Row[counted], left.Row[counted]) is var order and not 0
            ? order
            : CellOrder.CompareKeys(left.Cells.Keys, right.Cells.Keys));
        var offered = survivors.Take(history.Rows).Select(survivor => new Candidate(plan, history, layout, survivor)).ToList();
        return HistoryBatch.Offer(histories, [.. offered.Select(candidate => candidate.Offer)], history.Cells).Then(decisions => Result.Accept(GateRows.Release(
            plan,
            offered.Zip(decisions).Where(pair => pair.Second.Row == CellDecision.Release).Select(pair => pair.First.Released(pair.Second)))));
    }

    private static int Compare(CellValue left, CellValue right) => ((CellValue.Number)left).Unscaled.CompareTo(((CellValue.Number)right).Unscaled);

    /// <summary>A row that the audit decides about.</summary>
    private sealed class Candidate
    {
        private readonly GatedRow _cells;
        private readonly List<ImmutableArray<int>> _aggregates;

        public Candidate(QueryPlan plan, PlanHistory history, ImmutableArray<GeneratedColumn> layout, ThresholdGate.Survivor survivor)
        {
            _cells = survivor.Cells;
            _aggregates =
            [
                .. history.Aggregates.Select(aggregate => PlanHistory.Alike(plan.Aggregates, aggregate).ToImmutableArray())
                    .Where(alike => alike.Any(aggregate => !survivor.Withheld[aggregate])),
            ];
            Offer = new OfferedRow(Sets(GeneratedKind.UnitNumbers, 0), [.. _aggregates.Select(alike => Sets(GeneratedKind.ContributorNumbers, alike[0]))]);

            ImmutableArray<OfferedSet> Sets(GeneratedKind kind, int index) =>
            [
                .. layout.Where(column => column.Kind == kind && column.Index == index).Select(column => new OfferedSet(
                    history.IndexOf(plan.Tables[column.Table].Dataset),
                    kind == GeneratedKind.UnitNumbers ? Units(column.Table) : Contributors(column, Units(column.Table)))),
            ];

            UnitSet Units(int table) => Listed(Value(GeneratedKind.UnitNumbers, 0, table), Counted(GeneratedKind.Units, 0, table));

            UnitSet Contributors(GeneratedColumn column, UnitSet units) =>
                Counted(GeneratedKind.Contributors, column.Index, column.Table) is var count && count == units.Cardinality
                    ? units
                    : Listed(Value(GeneratedKind.ContributorNumbers, column.Index, column.Table), count);

            long Counted(GeneratedKind kind, int index, int table) => (long)((CellValue.Number)Value(kind, index, table)).Unscaled;

            CellValue Value(GeneratedKind kind, int index, int table) =>
                survivor.Row[layout.IndexOf(layout.First(column => column.Kind == kind && column.Index == index && column.Table == table))];
        }

        /// <summary>Gets the sets: each protected occurrence of a dataset that wants the audit has its own.</summary>
        public OfferedRow Offer { get; }

        /// <summary>Returns the row without the aggregates that are denied.</summary>
        public GatedRow Released(RowDecision decision)
        {
            var denied = _aggregates.Zip(decision.Aggregates).Where(pair => pair.Second != CellDecision.Release).SelectMany(pair => pair.First).ToHashSet();
            return _cells with { Aggregates = [.. _cells.Aggregates.Select((value, index) => denied.Contains(index) ? null : value)] };
        }

        private static UnitSet Listed(CellValue value, long count) => value is CellValue.People { Numbers: var numbers } && numbers.Cardinality == count
            ? numbers
            : throw new ArgumentException($"wanted the numbers of {count} units, got others", nameof(value));
    }
}
