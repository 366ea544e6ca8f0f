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
        var lines = Groups().Select(group => Line(layout, group)).ToList();
        if (lines.Count == 0 && Plan.History is not null)
        {
            // How many people there are is said even where no row is left.
            lines.Add(string.Join(" | ", layout.Select(column => column.Kind == GeneratedKind.Numbered ? Cell(column, []) : "null")));
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }

    private string Line(ImmutableArray<GeneratedColumn> layout, List<ImmutableArray<CellValue>[]> rows) =>
        string.Join(" | ", layout.Select(column => Cell(column, rows)));

    private string Cell(GeneratedColumn column, List<ImmutableArray<CellValue>[]> rows)
    {
        var aggregate = column.Kind is GeneratedKind.Key or GeneratedKind.UnitNumbers or GeneratedKind.Numbered ? null : Plan.Aggregates[column.Index];
        switch (column.Kind)
        {
            case GeneratedKind.Key:
                return Key(Plan.Groups[column.Index], rows[0]).ToString()!;
            case GeneratedKind.Units:
                return Units(column.Table, rows).Distinct().Count().ToString(System.Globalization.CultureInfo.InvariantCulture);
            case GeneratedKind.UnitNumbers:
                return Numbers(column.Table, rows, most: int.MaxValue);
            case GeneratedKind.ContributorNumbers:
                return Numbers(column.Table, Present(aggregate!, rows), Units(column.Table, rows).Distinct().Count());
            case GeneratedKind.Numbered:
                return People(column.Table).Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
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

    /// <summary>The places of the rows' people among all people of the dataset; nothing for too few, and for as many as the row has.</summary>
    private string Numbers(int table, List<ImmutableArray<CellValue>[]> rows, int most)
    {
        var people = People(table);
        var numbers = Units(table, rows).Distinct().Select(person => people.IndexOf(person)).Order().ToList();
        return numbers.Count < Plan.Tables[table].MinUnits || numbers.Count == most ? "null" : $"[{string.Join(", ", numbers)}]";
    }

    private List<CellValue> People(int table)
    {
        var one = Plan with { Tables = [Plan.Tables[table]], Joins = [], Filter = null, Groups = [] };
        var people = new ReferenceEvaluation(one, Tables).Everybody().Distinct().ToList();
        people.Sort((left, right) => (left, right) is (CellValue.Number a, CellValue.Number b)
            ? a.Unscaled.CompareTo(b.Unscaled)
            : string.CompareOrdinal(left.ToString(), right.ToString()));
        return people;
    }

    private IEnumerable<CellValue> Everybody() => Groups().SelectMany(rows => Units(0, rows));

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
