using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.Bounding;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Generation;

/// <summary>Turns a plan into the SQL that runs, with the hidden columns that the gate needs.</summary>
/// <remarks>
/// Sums are DECIMAL(38, s) or HUGEINT: at most 10^18 rows of values below 10^19 stay below 10^37, so no sum can overflow and no value is
/// ever a binary fraction. Sums of a statistic are HUGEINT, below 10^37 by the columns' declared bounds. Pure. Spec: contracts/spec/0008 s.10.
/// </remarks>
public static class SqlGenerator
{
    /// <summary>Returns the SQL.</summary>
    /// <exception cref="ArgumentException">A dataset of the plan has no relation.</exception>
    public static GeneratedSql Generate(QueryPlan plan, GenerationOptions options)
    {
        var columns = GeneratedLayout.Of(plan);
        if (plan.Tier == PolicyTier.List)
        {
            return new GeneratedSql(ListedSqlGenerator.Generate(plan, columns, From(plan, options, string.Empty, ListedSqlGenerator.Somebody(plan)), options.IsPartial), columns);
        }

        if (plan.Noise is not null)
        {
            var from = From(plan, options, string.Empty);
            return options.Salt.Length == ContributionBounds.SaltLength
                ? new GeneratedSql(BoundedSqlGenerator.Generate(plan, from, options.Salt.AsSpan()), columns)
                : throw new ArgumentException($"wanted a salt of {ContributionBounds.SaltLength} bytes, got {options.Salt.Length}", nameof(options));
        }

        if (!options.CountsRows && UnitFirst.Of(plan, options.Facts) is { } unitFirst)
        {
            return new GeneratedSql(unitFirst.Write(columns, table => Rows(plan, options, table)), columns);
        }

        var people = new PeopleOfRows(plan, options.Facts);
        var numbers = plan.History is { } history ? new NumberedUnits(plan, history, options) : null;
        var select = columns.Where(IsOfCells).Select(column => $"{Expression(plan, column, numbers, people, options.CountsRows)} AS {column.Name}");
        var cells = $"SELECT {string.Join(", ", select)}{From(plan, options, numbers?.Joins() ?? string.Empty)}{GroupBy(plan)}";
        var totals = columns.Where(column => column.Kind == GeneratedKind.UnitTotal).ToList();
        return new GeneratedSql(totals.Count == 0 && numbers is null ? cells : Joined(plan, options, columns, cells, numbers), columns);
    }

    /// <summary>Joins the cells with what is computed apart: totals of people, and the numbering of people.</summary>
    private static string Joined(
        QueryPlan plan, GenerationOptions options, ImmutableArray<GeneratedColumn> columns, string cells, NumberedUnits? numbers)
    {
        var keys = plan.Groups.Select((_, index) => Name("g", index)).ToList();
        var totals = columns.Where(column => column.Kind == GeneratedKind.UnitTotal).ToList();
        var from = From(plan, options, string.Empty);
        var tables = (numbers?.Tables(table => Relation(plan, options, table)) ?? [])
            .Append($"cells AS ({cells})")
            .Concat(totals.Select((total, index) => $"{Name("d", index)} AS ({UnitTotals(plan, total, from, keys)})"));
        var joined = new StringBuilder(numbers?.From() ?? " FROM cells");
        for (var i = 0; i < totals.Count; i++)
        {
            var on = keys.Count == 0 ? "TRUE" : string.Join(" AND ", keys.Select(key => $"cells.{key} IS NOT DISTINCT FROM d{i}.{key}"));
            joined.Append(CultureInfo.InvariantCulture, $" LEFT JOIN d{i} ON {on}");
        }

        var outer = columns.Select(column => column.Kind switch
        {
            GeneratedKind.UnitNumbers or GeneratedKind.ContributorNumbers => numbers!.Needed(column),
            GeneratedKind.Numbered => numbers!.Count(column),
            _ when IsOfCells(column) => $"cells.{column.Name}",
            _ => $"{Name("d", totals.FindIndex(total => Same(total, column)))}.{Short(column.Kind)} AS {column.Name}",
        });
        return $"WITH {string.Join(", ", tables)} SELECT {string.Join(", ", outer)}{joined}";
    }

    private static bool IsOfCells(GeneratedColumn column) =>
        column.Kind is < GeneratedKind.UnitTotal or GeneratedKind.UnitNumbers or GeneratedKind.ContributorNumbers;

    private static bool Same(GeneratedColumn total, GeneratedColumn column) =>
        total.Index == column.Index && total.Table == column.Table && total.Moment == column.Moment;

    private static string Short(GeneratedKind kind) => kind switch
    {
        GeneratedKind.UnitTotal => "total",
        GeneratedKind.LargestUnit => "largest",
        _ => "second",
    };

    private static string Expression(QueryPlan plan, GeneratedColumn column, NumberedUnits? numbers, PeopleOfRows people, bool countsRows)
    {
        switch (column.Kind)
        {
            case GeneratedKind.Key:
                return SqlWriter.Key(plan.Groups[column.Index]);
            case GeneratedKind.Units:
                return people.Count(column.Table, countsRows);
            case GeneratedKind.Contributors:
                return people.Contributors(column.Table, plan.Aggregates[column.Index], countsRows);
            case GeneratedKind.UnitNumbers or GeneratedKind.ContributorNumbers:
                return numbers!.Numbers(column);
            case GeneratedKind.Moment:
                return SqlWriter.Moment(plan.Aggregates[column.Index], column.Moment);
            default:
                return Aggregate(plan.Aggregates[column.Index], column.Kind);
        }
    }

    private static string Aggregate(PlanAggregate aggregate, GeneratedKind kind) => (aggregate.Function, kind) switch
    {
        (AggregateFunction.CountRows, _) => "count(*)",
        (AggregateFunction.CountDistinct, _) => $"count(DISTINCT {SqlWriter.Column(aggregate.Column!)})",
        (AggregateFunction.Average, GeneratedKind.Denominator) => $"count({SqlWriter.Column(aggregate.Column!)})",
        (AggregateFunction.Sum or AggregateFunction.Average, _) => $"sum({SqlWriter.Measure(aggregate.Column!)})",
        _ => throw new UnreachableException(),
    };

    /// <summary>The p%-rule's totals, per person and then over people. Rows of nobody have no part in it.</summary>
    private static string UnitTotals(QueryPlan plan, GeneratedColumn column, string from, List<string> keys)
    {
        var aggregate = plan.Aggregates[column.Index];
        var sum = column.Moment == Moment.None ? $"sum({SqlWriter.Measure(aggregate.Column!)})" : SqlWriter.Moment(aggregate, column.Moment);
        var unit = SqlWriter.Unit(column.Table, plan.Tables[column.Table].Unit!);
        var selected = plan.Groups.Select((group, index) => $"{SqlWriter.Key(group)} AS {Name("g", index)}, ");
        var groups = string.Join(", ", keys.Append("unit"));
        var perUnit = $"SELECT {string.Concat(selected)}{unit} AS unit, abs({sum}) AS part{from} GROUP BY {groups}";
        return $"SELECT {string.Concat(keys.Select(key => key + ", "))}sum(part) AS total, max(part, 2)[1] AS largest, max(part, 2)[2] AS second"
            + $" FROM ({perUnit}) WHERE unit IS NOT NULL{(keys.Count == 0 ? string.Empty : " GROUP BY " + string.Join(", ", keys))}";
    }

    /// <summary>FROM and WHERE, with what else is joined to every row and holds for it.</summary>
    private static string From(QueryPlan plan, GenerationOptions options, string joins, params IEnumerable<string> more)
    {
        var from = new StringBuilder(" FROM ").Append(Relation(plan, options, 0));
        var placed = new HashSet<int> { 0 };
        while (placed.Count < plan.Tables.Length)
        {
            // Every condition of an inner join may stand at any table that it reaches: take tables in the order in which they connect.
            var next = Enumerable.Range(0, plan.Tables.Length).First(table =>
                !placed.Contains(table) && plan.Joins.Any(join => Connects(join, table, placed)));
            var conditions = plan.Joins
                .Where(join => Connects(join, next, placed))
                .Select(join => $"{SqlWriter.Column(join.Left)} = {SqlWriter.Column(join.Right)}");
            from.Append(" JOIN ").Append(Relation(plan, options, next)).Append(" ON ").AppendJoin(" AND ", conditions);
            placed.Add(next);
        }

        from.Append(joins);
        var where = (plan.Filter is { } filter ? [SqlWriter.Filter(filter)] : Enumerable.Empty<string>()).Concat(more).ToList();
        return where.Count == 0 ? from.ToString() : from.Append(" WHERE ").AppendJoin(" AND ", where).ToString();
    }

    private static bool Connects(PlanJoin join, int table, HashSet<int> placed) =>
        (join.Left.Table == table && placed.Contains(join.Right.Table)) || (join.Right.Table == table && placed.Contains(join.Left.Table));

    private static string Relation(QueryPlan plan, GenerationOptions options, int table) =>
        string.Create(CultureInfo.InvariantCulture, $"{Rows(plan, options, table)} AS t{table}");

    private static string Rows(QueryPlan plan, GenerationOptions options, int table) =>
        options.Relations.TryGetValue(plan.Tables[table].Dataset, out var relation)
            ? relation
            : throw new ArgumentException($"wanted a relation for {plan.Tables[table].Dataset}, got none", nameof(options));

    private static string GroupBy(QueryPlan plan) =>
        plan.Groups.IsEmpty ? string.Empty : " GROUP BY " + string.Join(", ", plan.Groups.Select(SqlWriter.Key));

    private static string Name(string prefix, int index) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{index}");
}
