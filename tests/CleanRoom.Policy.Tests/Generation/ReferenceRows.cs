using System.Collections.Immutable;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;

namespace CleanRoom.Policy.Tests.Generation;

/// <summary>The rows that a plan is about, found slowly and without SQL: every combination of rows, one after the other.</summary>
/// <param name="plan">The plan.</param>
/// <param name="tables">The rows of every dataset.</param>
/// <param name="columns">The names of every dataset's columns, in the order of its rows' values.</param>
internal abstract class ReferenceRows(
    QueryPlan plan,
    IReadOnlyDictionary<string, ImmutableArray<CellValue>[]> tables,
    IReadOnlyDictionary<string, ImmutableArray<string>> columns)
{
    private static readonly HashSet<string> _nobody = ["", "0", new string('0', 64), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"];

    protected QueryPlan Plan { get; } = plan;

    protected IReadOnlyDictionary<string, ImmutableArray<CellValue>[]> Tables { get; } = tables;

    /// <summary>The joined and filtered rows of each group; one group of all rows where there are no keys.</summary>
    protected List<List<ImmutableArray<CellValue>[]>> Groups()
    {
        var joined = Combinations(0, []).Where(row => Plan.Filter is null || Holds(Plan.Filter, row) == true).ToList();
        return Plan.Groups.IsEmpty
            ? [joined]
            : [.. joined.GroupBy(row => string.Join('|', Plan.Groups.Select(key => Key(key, row))), StringComparer.Ordinal).Select(group => group.ToList())];
    }

    /// <summary>The rows in which every argument of an aggregate has a value.</summary>
    protected List<ImmutableArray<CellValue>[]> Present(PlanAggregate aggregate, IEnumerable<ImmutableArray<CellValue>[]> rows) =>
        [.. rows.Where(row => aggregate.Columns.All(column => Value(row, column) is not CellValue.Null))];

    protected IEnumerable<CellValue> Units(int table, IEnumerable<ImmutableArray<CellValue>[]> rows) =>
        rows.Select(row => UnitOf(table, row)).Where(unit => unit is not CellValue.Null);

    protected CellValue UnitOf(int table, ImmutableArray<CellValue>[] row)
    {
        var unit = Value(row, new PlanColumn(table, Plan.Tables[table].Unit!.Column, Plan.Tables[table].Unit!.Type, 0));
        return _nobody.Contains(unit.ToString()!) || unit is CellValue.Uuid { Value: var id } && id == Guid.Empty ? CellValue.Null.Instance : unit;
    }

    private IEnumerable<ImmutableArray<CellValue>[]> Combinations(int table, ImmutableArray<CellValue>[] before) => table == Plan.Tables.Length
        ? [before]
        : Tables[Plan.Tables[table].Dataset]
            .Select(row => (ImmutableArray<CellValue>[])[.. before, row])
            .Where(rows => Plan.Joins.Where(join => Math.Max(join.Left.Table, join.Right.Table) == table).All(join => Equal(Value(rows, join.Left), Value(rows, join.Right))))
            .SelectMany(rows => Combinations(table + 1, rows));

    protected CellValue Value(ImmutableArray<CellValue>[] row, PlanColumn column) =>
        row[column.Table][columns[Plan.Tables[column.Table].Dataset].IndexOf(column.Name)];

    protected CellValue Key(GroupKey key, ImmutableArray<CellValue>[] row) => (key, Value(row, key.Column)) switch
    {
        (_, CellValue.Null absent) => absent,
        (GroupKey.Band band, CellValue.Number number) => new CellValue.Number(number.Unscaled / band.Width * band.Width, 0),
        (GroupKey.BandNumber band, CellValue.Number number) => new CellValue.Number(number.Unscaled / band.Width, 0),
        (GroupKey.Part part, CellValue.Date date) => Part(part.Of, date.Value.ToDateTime(TimeOnly.MinValue)),
        (GroupKey.Part part, CellValue.Timestamp moment) => Part(part.Of, moment.Value),
        (GroupKey.Truncated truncated, CellValue.Date date) => Truncate(truncated.Grain, date.Value.ToDateTime(TimeOnly.MinValue)),
        (GroupKey.Truncated truncated, CellValue.Timestamp moment) => Truncate(truncated.Grain, moment.Value),
        (_, var value) => value,
    };

    private static CellValue.Number Part(DatePart part, DateTime moment) => CellValue.Of((long)(part switch
    {
        DatePart.Year => moment.Year,
        DatePart.Quarter => ((moment.Month - 1) / 3) + 1,
        DatePart.Month => moment.Month,
        _ => moment.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)moment.DayOfWeek,
    }));

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

    private bool? Holds(PlanFilter filter, ImmutableArray<CellValue>[] row) => filter switch
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
