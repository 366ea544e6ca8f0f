using System.Collections.Immutable;
using System.Numerics;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;

namespace CleanRoom.Policy.Tests.Generation;

/// <summary>What the generated SQL of a plan gives, computed slowly and without SQL.</summary>
internal sealed class ReferenceEvaluation(QueryPlan plan, IReadOnlyDictionary<string, ImmutableArray<CellValue>[]> tables)
    : ReferenceRows(plan, tables, tables.ToDictionary(pair => pair.Key, _ => RandomTable.Columns.Select(column => column.Name).ToImmutableArray()))
{
    /// <summary>Returns the rows with the columns of the layout, each value as text.</summary>
    public List<string> Rows()
    {
        var layout = GeneratedLayout.Of(Plan);
        return [.. Groups().Select(group => Line(layout, group)).Order(StringComparer.Ordinal)];
    }

    private string Line(ImmutableArray<GeneratedColumn> layout, List<ImmutableArray<CellValue>[]> rows) =>
        string.Join(" | ", layout.Select(column => Cell(column, rows)));

    private string Cell(GeneratedColumn column, List<ImmutableArray<CellValue>[]> rows)
    {
        var aggregate = column.Kind == GeneratedKind.Key ? null : Plan.Aggregates[column.Index];
        switch (column.Kind)
        {
            case GeneratedKind.Key:
                return Key(Plan.Groups[column.Index], rows[0]).ToString()!;
            case GeneratedKind.Units:
                return Units(column.Table, rows).Distinct().Count().ToString(System.Globalization.CultureInfo.InvariantCulture);
            case GeneratedKind.Contributors:
                return Units(column.Table, Present(aggregate!, rows)).Distinct().Count()
                    .ToString(System.Globalization.CultureInfo.InvariantCulture);
            case GeneratedKind.Denominator:
                return rows.Count(row => Value(row, aggregate!.Column!) is not CellValue.Null).ToString(System.Globalization.CultureInfo.InvariantCulture);
            case GeneratedKind.Value when aggregate!.Function == AggregateFunction.CountRows:
                return rows.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
            case GeneratedKind.Value when aggregate!.Function == AggregateFunction.CountDistinct:
                return rows.Select(row => Value(row, aggregate.Column!)).Where(value => value is not CellValue.Null).Select(value => value.ToString())
                    .Distinct(StringComparer.Ordinal).Count().ToString(System.Globalization.CultureInfo.InvariantCulture);
            case GeneratedKind.Value or GeneratedKind.Numerator:
                return Text(Sum(aggregate!, Moment.None, rows), aggregate!.Column!.Scale);
            case GeneratedKind.Moment:
                return Text(Sum(aggregate!, column.Moment, rows), 0);
            default:
                return Total(column, aggregate!, rows);
        }
    }

    private string Total(GeneratedColumn column, PlanAggregate aggregate, List<ImmutableArray<CellValue>[]> rows)
    {
        var totals = rows.Select(row => (Unit: UnitOf(column.Table, row), Row: row)).Where(pair => pair.Unit is not CellValue.Null)
            .GroupBy(pair => pair.Unit.ToString(), pair => pair.Row, StringComparer.Ordinal)
            .Select(group => Sum(aggregate, column.Moment, [.. group])).OfType<BigInteger>().Select(BigInteger.Abs).OrderDescending().ToList();
        BigInteger? value = column.Kind switch
        {
            GeneratedKind.UnitTotal => totals.Count == 0 ? null : totals.Aggregate(BigInteger.Add),
            GeneratedKind.LargestUnit => totals.Count == 0 ? null : totals[0],
            _ => totals.Count < 2 ? null : totals[1],
        };
        return Text(value, column.Moment == Moment.None ? aggregate.Column!.Scale : 0);
    }

    private BigInteger? Sum(PlanAggregate aggregate, Moment moment, List<ImmutableArray<CellValue>[]> rows)
    {
        var present = Present(aggregate, rows);
        if (moment == Moment.Count)
        {
            return present.Count;
        }

        var numbers = present.Select(row =>
        {
            var values = aggregate.Columns.Select(column => ((CellValue.Number)Value(row, column)).Unscaled).ToList();
            return moment switch
            {
                Moment.Second => values[1],
                Moment.FirstSquared => values[0] * values[0],
                Moment.SecondSquared => values[1] * values[1],
                Moment.Product => values[0] * values[1],
                _ => values[0],
            };
        }).ToList();
        return numbers.Count == 0 ? null : numbers.Aggregate(BigInteger.Add);
    }

    private static string Text(BigInteger? value, int scale) => value is { } number ? new CellValue.Number(number, scale).ToString() : "null";
}
