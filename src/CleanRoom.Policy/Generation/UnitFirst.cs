using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Verdicts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Generation;

/// <summary>
/// Counts people without a set of them: the rows of the one dataset in which people have several are added up by person first, so that a joined row of a
/// group is a person. Sums of sums and products with numbers of rows are exact.
/// </summary>
/// <remarks>
/// For plans whose occurrences all meet by their units, where all but one have at most one row of each person. Yan and Larson 1995, eager aggregation.
/// Spec: contracts/spec/0008 s.10.1.
/// </remarks>
internal sealed class UnitFirst
{
    private readonly QueryPlan _plan;
    private readonly PeopleOfRows _people;
    private readonly int _many;
    private readonly ImmutableArray<PlanFilter> _inner;
    private readonly ImmutableArray<PlanFilter> _outer;

    private UnitFirst(QueryPlan plan, PeopleOfRows people, int many, ILookup<bool, PlanFilter> filters) =>
        (_plan, _people, _many, _inner, _outer) = (plan, people, many, [.. filters[true]], [.. filters[false]]);

    /// <summary>Returns how a plan is counted so; null when it is not of this shape.</summary>
    public static UnitFirst? Of(QueryPlan plan, StoredFacts facts)
    {
        var tables = Enumerable.Range(0, plan.Tables.Length).ToList();
        if (plan.Tier != PolicyTier.Threshold || plan.Noise is not null || plan.History is not null || plan.DominancePercent is not null
            || plan.Tables.Any(table => table.Unit is null || table.Unit.Type != plan.Tables[0].Unit!.Type)
            || !plan.Joins.All(join => IsUnit(join.Left) && IsUnit(join.Right))
            || !(tables.Count > 1 || plan.Tables[0].IsProtected)
            || tables.Where(table => !facts.OneRowPerUnit.Contains(plan.Tables[table].Dataset)).ToList() is not [var many])
        {
            return null;
        }

        var people = new PeopleOfRows(plan, facts);
        var filters = Conjuncts(plan.Filter).ToLookup(filter => Lineage.Columns(filter).Any(column => column.Table == many));
        return filters[true].All(filter => Lineage.Columns(filter).All(column => column.Table == many)) && plan.Aggregates.All(IsOfShape)
            ? new UnitFirst(plan, people, many, filters)
            : null;

        bool IsUnit(PlanColumn column) => plan.Tables[column.Table].Unit!.Column == column.Name;

        // Of nobody there may be several rows everywhere: only people are counted one by one.
        bool IsOfShape(PlanAggregate aggregate) => aggregate.Function switch
        {
            AggregateFunction.CountRows or AggregateFunction.Sum or AggregateFunction.Average => true,
            AggregateFunction.CountDistinct => IsUnit(aggregate.Column!) && people.IsSomebody(0),
            _ => false,
        };
    }

    /// <summary>Writes the SQL.</summary>
    /// <param name="layout">The columns of the plan's result.</param>
    /// <param name="relation">Returns where an occurrence's rows are.</param>
    public string Write(ImmutableArray<GeneratedColumn> layout, Func<int, string> relation)
    {
        var from = Enumerable.Range(0, _plan.Tables.Length).Select(table => (table == 0 ? " FROM " : " JOIN ")
            + (table == _many ? AddedUp(relation(table)) : relation(table)) + Text($" AS t{table}")
            + (table == 0 ? string.Empty : $" ON {UnitOf(table)} = {UnitOf(0)}"));
        var group = _plan.Groups.IsEmpty ? string.Empty : $" GROUP BY {string.Join(", ", Enumerable.Range(0, _plan.Groups.Length).Select(Key))}";
        return $"SELECT {string.Join(", ", layout.Select(column => $"{Expression(column)} AS {column.Name}"))}{string.Concat(from)}{Where(_outer)}{group}";
    }

    private static IEnumerable<PlanFilter> Conjuncts(PlanFilter? filter) => filter switch
    {
        null => [],
        PlanFilter.And and => and.Items.SelectMany(Conjuncts),
        _ => [filter],
    };

    /// <summary>The rows of the dataset with several, by person and by the group's keys that are its own.</summary>
    private string AddedUp(string relation)
    {
        var unit = SqlWriter.Column(_many, _plan.Tables[_many].Unit!.Column);
        var keys = Enumerable.Range(0, _plan.Groups.Length).Where(key => _plan.Groups[key].Column.Table == _many).ToList();
        var columns = keys.Select(key => Text($", {SqlWriter.Key(_plan.Groups[key])} AS k{key}"))
            .Concat(Measures().SelectMany(index => new[]
            {
                Text($", sum({SqlWriter.Measure(_plan.Aggregates[index].Column!)}) AS s{index}"),
                Text($", count({SqlWriter.Column(_plan.Aggregates[index].Column!)}) AS c{index}"),
            }));
        var group = string.Concat(keys.Select(key => $", {SqlWriter.Key(_plan.Groups[key])}"));
        return $"(SELECT {unit} AS u, count(*) AS n{string.Concat(columns)} FROM {relation}{Text($" AS t{_many}")}{Where(_inner)} GROUP BY {unit}{group})";
    }

    /// <summary>The aggregates of a column of that dataset that are sums.</summary>
    private IEnumerable<int> Measures() => Enumerable.Range(0, _plan.Aggregates.Length)
        .Where(index => _plan.Aggregates[index] is { Function: AggregateFunction.Sum or AggregateFunction.Average, Column: { } column } && column.Table == _many);

    private string Expression(GeneratedColumn column) => column.Kind switch
    {
        GeneratedKind.Key => Key(column.Index),
        GeneratedKind.Units => People(),
        GeneratedKind.Contributors => People(column.Index),
        GeneratedKind.Denominator => RowsWith(column.Index),
        _ => Value(column.Index),
    };

    private string Value(int index)
    {
        var aggregate = _plan.Aggregates[index];
        switch (aggregate.Function)
        {
            case AggregateFunction.CountRows:
                return Rows();
            case AggregateFunction.CountDistinct:
                // A joined row of a group is a person, and each is of somebody.
                return "count(*)";
        }

        if (aggregate.Column!.Table == _many)
        {
            return Text($"sum(t{_many}.s{index})");
        }

        // A value of 18 digits times a number of rows has at most 37: no product overflows.
        var measure = SqlWriter.Measure(aggregate.Column);
        return aggregate.Column.Type == ColumnType.Decimal
            ? Text($"sum({measure} * CAST(t{_many}.n AS DECIMAL(19, 0)))")
            : Text($"sum(CAST({measure} AS HUGEINT) * t{_many}.n)");
    }

    /// <summary>The number of joined rows, all or some.</summary>
    private string Rows(string filter = "", string each = "n") => Text($"CAST(COALESCE(sum(t{_many}.{each}){filter}, 0) AS BIGINT)");

    private string RowsWith(int index) => _plan.Aggregates[index].Column!.Table == _many
        ? Rows(each: Text($"c{index}"))
        : Rows($" FILTER (WHERE {SqlWriter.Present(_plan.Aggregates[index])})");

    /// <summary>The number of people, of all or of those who contribute to an aggregate.</summary>
    private string People(int? aggregate = null)
    {
        var (first, unit) = (0, _plan.Tables[0].Unit!);
        var conditions = _people.IsSomebody(first)
            ? []
            : new List<string> { $"{SqlWriter.Unit(first, first == _many ? unit with { Column = "u" } : unit)} IS NOT NULL" };
        if (aggregate is { } index && _plan.Aggregates[index] is { Function: not AggregateFunction.CountDistinct } measured && !_people.IsAlwaysPresent(measured))
        {
            conditions.Add(measured.Column!.Table == _many ? Text($"t{_many}.c{index} > 0") : SqlWriter.Present(measured));
        }

        return conditions.Count == 0 ? "count(*)" : $"count(*) FILTER (WHERE {string.Join(" AND ", conditions)})";
    }

    private string Key(int key) => _plan.Groups[key].Column.Table == _many ? Text($"t{_many}.k{key}") : SqlWriter.Key(_plan.Groups[key]);

    private static string Where(ImmutableArray<PlanFilter> filters) =>
        filters.IsEmpty ? string.Empty : $" WHERE {string.Join(" AND ", filters.Select(SqlWriter.Filter))}";

    private string UnitOf(int table) => table == _many ? Text($"t{table}.u") : SqlWriter.Column(table, _plan.Tables[table].Unit!.Column);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
