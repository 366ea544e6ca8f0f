using System.Collections.Immutable;
using System.Text;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Gate;

/// <summary>The tier list's output gate: rows leave as they are when enough people of every protected table are among them all, else none does.</summary>
/// <remarks>Pure: no clock, no state. Spec: contracts/spec/0003 s.9, 0008 s.12.</remarks>
public static class ListGate
{
    /// <summary>Applies the gate.</summary>
    /// <param name="plan">A plan of the tier list.</param>
    /// <param name="rows">The rows of the generated SQL, each with the columns of <see cref="GeneratedLayout"/>. Trust: engine-controlled.</param>
    /// <exception cref="ArgumentException">
    /// A row has another number of columns, or a value of another type; rows do not agree on how many people there are; or there are more
    /// people than they say.
    /// </exception>
    public static ReleasedList Apply(QueryPlan plan, IEnumerable<ImmutableArray<CellValue>> rows)
    {
        if (plan.Tier != PolicyTier.List || !plan.Tables.Any(table => table.IsProtected))
        {
            throw new ArgumentException("wanted a plan of the tier list with a protected table", nameof(plan));
        }

        var layout = GeneratedLayout.Of(plan);
        var units = GeneratedLayout.Places(layout, GeneratedKind.ListedUnit);

        // A row of nobody was neither counted nor is it anybody's to let out.
        var all = GateRows.Checked(layout, rows).ToList();
        var somebody = all.Where(row => units.All(column => row[column] is not CellValue.Null)).ToList();
        var order = ListOrder.Of(plan);
        List<ImmutableArray<CellValue>> released = HasEnoughUnits(plan, layout, all, somebody) ? somebody : [];
        released.Sort((left, right) => Compare(layout, units, order, left, right));
        ImmutableArray<ImmutableArray<CellValue>> kept = [.. released.Take(ListOrder.Limit(plan))];
        return new ReleasedList(
            new ReleasedTable(
                [.. plan.Outputs.Select(output => new ReleasedColumn(output.Name, output.Expression.CellType))],
                [.. kept.Select(row => row[..plan.Outputs.Length])]),
            [
                .. units.GroupBy(column => plan.Tables[layout[column].Table].Dataset, StringComparer.Ordinal)
                    .OrderBy(dataset => dataset.Key, StringComparer.Ordinal)
                    .Select(dataset => new ReleasedUnits(
                        dataset.Key,
                        kept.SelectMany(row => dataset.Select(column => row[column].ToString()!)).ToImmutableHashSet(StringComparer.Ordinal),
                        Shown(plan, [.. dataset.Select(column => layout[column].Table)]))),
            ]);
    }

    private static bool HasEnoughUnits(
        QueryPlan plan, ImmutableArray<GeneratedColumn> layout, List<ImmutableArray<CellValue>> all, List<ImmutableArray<CellValue>> somebody)
    {
        if (all.Count == 0)
        {
            return false;
        }

        foreach (var column in GeneratedLayout.Places(layout, GeneratedKind.Units))
        {
            var unit = layout.IndexOf(layout.First(other => other.Kind == GeneratedKind.ListedUnit && other.Table == layout[column].Table));
            if (all.Select(row => row[column]).Distinct().ToList() is not [CellValue.Number { Scale: 0 } units]
                || somebody.Select(row => row[unit]).Distinct().Count() > units.Unscaled)
            {
                throw new ArgumentException("wanted one number of units in every row, and at most so many units in all rows", nameof(all));
            }

            if (units.Unscaled < plan.Tables[layout[column].Table].MinUnits)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The outputs in which the units of a dataset's occurrences stand: the unit columns, or what a join made equal to them. None when an
    /// occurrence has no such output.
    /// </summary>
    private static ImmutableArray<int> Shown(QueryPlan plan, ImmutableArray<int> tables)
    {
        var shown = tables.Select(table => JoinedColumns.EqualToUnit(plan, table)).Select(same => Enumerable.Range(0, plan.Outputs.Length)
            .Where(output => same.Contains(JoinedColumns.Key(((OutputExpression.Listed)plan.Outputs[output].Expression).Column)))
            .Take(1).ToImmutableArray()).ToList();
        return shown.All(outputs => outputs.Length == 1) ? [.. shown.SelectMany(outputs => outputs).Distinct().Order()] : [];
    }

    private static int Compare(
        ImmutableArray<GeneratedColumn> layout,
        ImmutableArray<int> units,
        ImmutableArray<OutputOrder> order,
        ImmutableArray<CellValue> left,
        ImmutableArray<CellValue> right)
    {
        foreach (var item in order)
        {
            // Outputs are the first columns of the layout.
            if (Compare(left[item.Output], right[item.Output], item) is var result and not 0)
            {
                return result;
            }
        }

        return units.Select(column => Compare(left[column], right[column], new OutputOrder(column, false, false))).FirstOrDefault(result => result != 0);
    }

    /// <summary>Text by code points, as the engine orders it: it has picked the first rows by that order.</summary>
    private static int Compare(CellValue left, CellValue right, OutputOrder item) => (left, right) switch
    {
        (CellValue.Text a, CellValue.Text b) => (item.Descending ? -1 : 1)
            * Math.Sign(Encoding.UTF8.GetBytes(a.Value).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b.Value))),
        _ => CellOrder.Compare(left, right, item.Descending, item.NullsFirst),
    };
}
