using System.Collections.Immutable;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;

namespace CleanRoom.Policy.Tests.Generation;

/// <summary>What may leave of a plan, computed from the definitions: rows of too few people, cells of too few or of one, then HAVING and order.</summary>
internal sealed class ReferenceAnswer(
    QueryPlan plan,
    IReadOnlyDictionary<string, ImmutableArray<CellValue>[]> tables,
    IReadOnlyDictionary<string, ImmutableArray<string>> columns) : ReferenceRows(plan, tables, columns)
{
    private IEnumerable<int> Protected => Enumerable.Range(0, Plan.Tables.Length).Where(table => Plan.Tables[table].MinUnits > 0);

    /// <summary>Returns the released rows in their order.</summary>
    public List<ImmutableArray<CellValue>> Rows()
    {
        var released = Groups().Where(rows => Protected.All(table => Reaches(table, rows)))
            .Select(rows => new ReferenceCells(
                [.. Plan.Groups.Select(key => Key(key, rows[0]))], [.. Plan.Aggregates.Select(aggregate => Cell(aggregate, rows))]))
            .Where(row => Plan.Having is not { } having || row.Holds(having) == true)
            .Select(row => (row.Keys, Outputs: Plan.Outputs.Select(output => row.Output(output.Expression)).ToImmutableArray()))
            .ToList();
        var sorted = released.OrderBy(_ => 0);
        foreach (var order in Plan.Order)
        {
            sorted = sorted.ThenBy(row => row.Outputs[order.Output] is CellValue.Null == order.NullsFirst ? 0 : 1);
            sorted = order.Descending
                ? sorted.ThenByDescending(row => Sortable(row.Outputs[order.Output]))
                : sorted.ThenBy(row => Sortable(row.Outputs[order.Output]));
        }

        for (var i = 0; i < Plan.Groups.Length; i++)
        {
            var key = i;
            sorted = sorted.ThenBy(row => row.Keys[key] is CellValue.Null ? 1 : 0).ThenBy(row => Sortable(row.Keys[key]));
        }

        return [.. sorted.Select(row => row.Outputs).Take((int)Math.Min(Plan.Limit ?? int.MaxValue, Plan.MaxRows))];
    }

    private bool Reaches(int table, IEnumerable<ImmutableArray<CellValue>[]> rows) =>
        Units(table, rows).Distinct().Count() >= Plan.Tables[table].MinUnits;

    private Fraction? Cell(PlanAggregate aggregate, List<ImmutableArray<CellValue>[]> rows)
    {
        var present = Present(aggregate, rows);
        if (!aggregate.Columns.IsEmpty && !Protected.All(table => Reaches(table, present)))
        {
            return null;
        }

        if (aggregate.Function is AggregateFunction.CountRows)
        {
            return Fraction.Of(rows.Count);
        }

        if (aggregate.Function is AggregateFunction.CountDistinct)
        {
            return Fraction.Of(present.Select(row => Value(row, aggregate.Column!)).Distinct().Count());
        }

        var first = present.Select(row => Number(row, aggregate.Column!)).ToList();
        var second = aggregate.Second is { } other ? present.Select(row => Number(row, other)).ToList() : first;
        return Plan.DominancePercent is { } percent && Summed(aggregate.Function, first, second).Any(terms => IsDominated(present, terms, percent))
            ? null
            : ReferenceStatistics.Of(aggregate, first, second);
    }

    /// <summary>The terms of every sum that goes into an aggregate: the p%-rule holds for each.</summary>
    private static IEnumerable<List<Fraction>> Summed(AggregateFunction function, List<Fraction> y, List<Fraction> x)
    {
        List<Fraction> yy = [.. y.Select(value => value * value)];
        List<Fraction> xx = [.. x.Select(value => value * value)];
        List<Fraction> xy = [.. y.Zip(x, (a, b) => a * b)];
        return function switch
        {
            AggregateFunction.RegrCount => [],
            AggregateFunction.Sum or AggregateFunction.Average or AggregateFunction.RegrAvgY => [y],
            AggregateFunction.RegrAvgX => [x],
            AggregateFunction.RegrSxx => [x, xx],
            AggregateFunction.CovarPop or AggregateFunction.CovarSamp or AggregateFunction.RegrSxy => [y, x, xy],
            AggregateFunction.RegrSlope or AggregateFunction.RegrIntercept => [y, x, xx, xy],
            AggregateFunction.Corr or AggregateFunction.RegrR2 => [y, x, yy, xx, xy],
            _ => [y, yy],
        };
    }

    private bool IsDominated(List<ImmutableArray<CellValue>[]> rows, List<Fraction> terms, int percent) => Protected.Any(table =>
    {
        var totals = rows.Zip(terms, (row, term) => (Unit: UnitOf(table, row), term)).Where(pair => pair.Unit is not CellValue.Null)
            .GroupBy(pair => pair.Unit, pair => pair.term).Select(group => Fraction.Sum(group).Size())
            .OrderByDescending(total => total, Comparer<Fraction>.Create((left, right) => left.Compare(right))).ToList();
        return totals.Count == 0
            || (Fraction.Sum(totals.Skip(2)) * Fraction.Of(100)).Compare(totals[0] * Fraction.Of(percent)) < 0;
    });

    private Fraction Number(ImmutableArray<CellValue>[] row, PlanColumn column) => Fraction.Of((CellValue.Number)Value(row, column));

    private static (decimal Number, DateTime Moment, string Text) Sortable(CellValue value) => value switch
    {
        CellValue.Number number => (decimal.Parse(number.ToString(), System.Globalization.CultureInfo.InvariantCulture), default, string.Empty),
        CellValue.Timestamp moment => (0, moment.Value, string.Empty),
        CellValue.Boolean truth => (truth.Value ? 1 : 0, default, string.Empty),
        CellValue.Null => default,
        _ => (0, default, string.Concat(value.ToString()!.Select(c => $"{(int)c:x4}"))),
    };
}
