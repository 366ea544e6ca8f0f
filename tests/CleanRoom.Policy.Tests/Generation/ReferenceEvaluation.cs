using System.Collections.Immutable;
using System.Numerics;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;

namespace CleanRoom.Policy.Tests.Generation;

/// <summary>What a plan means, computed slowly and without SQL: every combination of rows, one after the other.</summary>
internal sealed class ReferenceEvaluation(QueryPlan plan, IReadOnlyDictionary<string, ImmutableArray<CellValue>[]> tables)
{
    private static readonly HashSet<string> _nobody = ["", "0", new string('0', 64), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"];

    /// <summary>Returns the rows with the columns of the layout, each value as text.</summary>
    public List<string> Rows()
    {
        var layout = GeneratedLayout.Of(plan);
        var joined = Combinations(0, []).Where(row => plan.Joins.All(join => Equal(Value(row, join.Left), Value(row, join.Right))))
            .Where(row => plan.Filter is null || Holds(plan.Filter, row) == true)
            .ToList();
        var groups = joined.GroupBy(row => string.Join('|', plan.Groups.Select(key => Key(key, row))), StringComparer.Ordinal).ToList();
        return plan.Groups.IsEmpty
            ? [Line(layout, joined)]
            : [.. groups.Select(group => Line(layout, [.. group])).Order(StringComparer.Ordinal)];
    }

    private string Line(ImmutableArray<GeneratedColumn> layout, List<ImmutableArray<CellValue>[]> rows) =>
        string.Join(" | ", layout.Select(column => Cell(column, rows)));

    private string Cell(GeneratedColumn column, List<ImmutableArray<CellValue>[]> rows)
    {
        var aggregate = column.Kind == GeneratedKind.Key ? null : plan.Aggregates[column.Index];
        switch (column.Kind)
        {
            case GeneratedKind.Key:
                return Key(plan.Groups[column.Index], rows[0]).ToString()!;
            case GeneratedKind.Units:
                return Units(column.Table, rows).Distinct().Count().ToString(System.Globalization.CultureInfo.InvariantCulture);
            case GeneratedKind.Contributors:
                return Units(column.Table, rows.Where(row => Value(row, aggregate!.Column!) is not CellValue.Null)).Distinct().Count()
                    .ToString(System.Globalization.CultureInfo.InvariantCulture);
            case GeneratedKind.Denominator:
                return rows.Count(row => Value(row, aggregate!.Column!) is not CellValue.Null).ToString(System.Globalization.CultureInfo.InvariantCulture);
            case GeneratedKind.Value when aggregate!.Function == AggregateFunction.CountRows:
                return rows.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
            case GeneratedKind.Value when aggregate!.Function == AggregateFunction.CountDistinct:
                return rows.Select(row => Value(row, aggregate.Column!)).Where(value => value is not CellValue.Null).Select(value => value.ToString())
                    .Distinct(StringComparer.Ordinal).Count().ToString(System.Globalization.CultureInfo.InvariantCulture);
            case GeneratedKind.Value or GeneratedKind.Numerator:
                return Text(Sum(aggregate!.Column!, rows), aggregate.Column!.Scale);
            default:
                return Total(column, aggregate!.Column!, rows);
        }
    }

    private string Total(GeneratedColumn column, PlanColumn measure, List<ImmutableArray<CellValue>[]> rows)
    {
        var totals = rows.Select(row => (Unit: UnitOf(column.Table, row), Row: row)).Where(pair => pair.Unit is not CellValue.Null)
            .GroupBy(pair => pair.Unit.ToString(), pair => pair.Row, StringComparer.Ordinal)
            .Select(group => Sum(measure, [.. group])).OfType<BigInteger>().Select(BigInteger.Abs).OrderDescending().ToList();
        BigInteger? value = column.Kind switch
        {
            GeneratedKind.UnitTotal => totals.Count == 0 ? null : totals.Aggregate(BigInteger.Add),
            GeneratedKind.LargestUnit => totals.Count == 0 ? null : totals[0],
            _ => totals.Count < 2 ? null : totals[1],
        };
        return Text(value, measure.Scale);
    }

    private BigInteger? Sum(PlanColumn column, List<ImmutableArray<CellValue>[]> rows)
    {
        var numbers = rows.Select(row => Value(row, column)).OfType<CellValue.Number>().Select(number => number.Unscaled).ToList();
        return numbers.Count == 0 ? null : numbers.Aggregate(BigInteger.Add);
    }

    private static string Text(BigInteger? value, int scale) => value is { } number ? new CellValue.Number(number, scale).ToString() : "null";

    private IEnumerable<CellValue> Units(int table, IEnumerable<ImmutableArray<CellValue>[]> rows) =>
        rows.Select(row => UnitOf(table, row)).Where(unit => unit is not CellValue.Null);

    private CellValue UnitOf(int table, ImmutableArray<CellValue>[] row)
    {
        var unit = Value(row, new PlanColumn(table, plan.Tables[table].Unit!.Column, plan.Tables[table].Unit!.Type, 0));
        return _nobody.Contains(unit.ToString()!) || unit is CellValue.Uuid { Value: var id } && id == Guid.Empty ? CellValue.Null.Instance : unit;
    }

    private IEnumerable<ImmutableArray<CellValue>[]> Combinations(int table, ImmutableArray<CellValue>[] before) => table == plan.Tables.Length
        ? [before]
        : tables[plan.Tables[table].Dataset].SelectMany(row => Combinations(table + 1, [.. before, row]));

    private static CellValue Value(ImmutableArray<CellValue>[] row, PlanColumn column) =>
        row[column.Table][RandomTable.Columns.Select((known, index) => (known, index)).Single(pair => pair.known.Name == column.Name).index];

    private static CellValue Key(GroupKey key, ImmutableArray<CellValue>[] row) => (key, Value(row, key.Column)) switch
    {
        (_, CellValue.Null absent) => absent,
        (GroupKey.Band band, CellValue.Number number) => new CellValue.Number(number.Unscaled / band.Width * band.Width, 0),
        (GroupKey.Truncated truncated, CellValue.Date date) => Truncate(truncated.Grain, date.Value.ToDateTime(TimeOnly.MinValue)),
        (GroupKey.Truncated truncated, CellValue.Timestamp moment) => Truncate(truncated.Grain, moment.Value),
        (_, var value) => value,
    };

    private static CellValue.Timestamp Truncate(TimeGrain grain, DateTime moment) => new(grain switch
    {
        TimeGrain.Day => moment.Date,
        TimeGrain.Week => moment.Date.AddDays(-(((int)moment.DayOfWeek + 6) % 7)),
        TimeGrain.Month => new DateTime(moment.Year, moment.Month, 1),
        TimeGrain.Quarter => new DateTime(moment.Year, (((moment.Month - 1) / 3) * 3) + 1, 1),
        _ => new DateTime(moment.Year, 1, 1),
    });

    private static bool Equal(CellValue left, CellValue right) =>
        left is not CellValue.Null && right is not CellValue.Null && left.ToString() == right.ToString();

    private static bool? Holds(PlanFilter filter, ImmutableArray<CellValue>[] row) => filter switch
    {
        PlanFilter.And and => and.Items.Select(item => Holds(item, row)).Aggregate((bool?)true, (a, b) => a & b),
        PlanFilter.Or or => or.Items.Select(item => Holds(item, row)).Aggregate((bool?)false, (a, b) => a | b),
        PlanFilter.Not not => !Holds(not.Item, row),
        PlanFilter.IsNull absent => Value(row, absent.Column) is CellValue.Null != absent.Negated,
        PlanFilter.Compare compare => Compares(Value(row, compare.Column), compare.Operator, RandomTable.Parse(compare.Column, compare.Value.Text)),
        PlanFilter.In within => Value(row, within.Column) is CellValue.Null
            ? null
            : within.Values.Any(value => Equal(Value(row, within.Column), RandomTable.Parse(within.Column, value.Text))) != within.Negated,
        _ => throw new InvalidOperationException(),
    };

    private static bool? Compares(CellValue left, Comparison comparison, CellValue right) => (left, right) switch
    {
        (CellValue.Null, _) => null,
        (CellValue.Number a, CellValue.Number b) => comparison.Holds(a.Unscaled.CompareTo(b.Unscaled)),
        (CellValue.Boolean a, CellValue.Boolean b) => comparison.Holds(a.Value.CompareTo(b.Value)),
        (CellValue.Date a, CellValue.Date b) => comparison.Holds(a.Value.CompareTo(b.Value)),
        (CellValue.Timestamp a, CellValue.Timestamp b) => comparison.Holds(a.Value.CompareTo(b.Value)),
        _ => comparison.Holds(string.CompareOrdinal(left.ToString(), right.ToString())),
    };
}
