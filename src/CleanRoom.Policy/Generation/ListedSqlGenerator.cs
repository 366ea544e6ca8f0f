using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Generation;

/// <summary>Writes the SQL of the tier list: rows of somebody, how many people there are, and no more of them than may leave.</summary>
/// <remarks>The order is that of <see cref="Gate.ListGate"/>, which applies it and the limit again. Spec: contracts/spec/0008 s.12.</remarks>
internal static class ListedSqlGenerator
{
    /// <summary>Returns the SQL.</summary>
    /// <param name="plan">A plan of the tier list.</param>
    /// <param name="columns">Its layout.</param>
    /// <param name="from">FROM and WHERE, with the conditions of <see cref="Somebody"/>.</param>
    /// <param name="isPartial">Others add their people to these: whether they are enough is not known yet.</param>
    public static string Generate(QueryPlan plan, ImmutableArray<GeneratedColumn> columns, string from, bool isPartial)
    {
        var rows = columns.Where(column => column.Kind is GeneratedKind.Listed or GeneratedKind.ListedUnit).ToList();
        var units = columns.Where(column => column.Kind == GeneratedKind.Units).ToList();
        var selected = rows.Select(column => $"{Value(plan, column)} AS {column.Name}");
        var counted = units.Select(column => string.Create(CultureInfo.InvariantCulture, $"count(DISTINCT p0_{column.Table}) AS {column.Name}"));
        var outer = rows.Select(column => $"v.{column.Name}").Concat(units.Select(column => $"n.{column.Name}"));
        var enough = units.Select(column => string.Create(CultureInfo.InvariantCulture, $"n.{column.Name} >= {plan.Tables[column.Table].MinUnits}"));
        var where = isPartial ? string.Empty : $" WHERE {string.Join(" AND ", enough)}";
        return $"WITH v AS MATERIALIZED (SELECT {string.Join(", ", selected)}{from}), n AS (SELECT {string.Join(", ", counted)} FROM v)"
            + $" SELECT {string.Join(", ", outer)} FROM v CROSS JOIN n{where}"
            + $" ORDER BY {string.Join(", ", Order(plan, rows))} LIMIT {ListOrder.Limit(plan).ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>The conditions that a row is of somebody, in every protected table.</summary>
    public static IEnumerable<string> Somebody(QueryPlan plan) => Enumerable.Range(0, plan.Tables.Length)
        .Where(table => plan.Tables[table].IsProtected)
        .Select(table => $"({SqlWriter.Unit(table, plan.Tables[table].Unit!)}) IS NOT NULL");

    private static IEnumerable<string> Order(QueryPlan plan, List<GeneratedColumn> rows) => ListOrder.Of(plan).Select(item =>
            $"v.{Listed(item.Output)} {(item.Descending ? "DESC" : "ASC")} {(item.NullsFirst ? "NULLS FIRST" : "NULLS LAST")}")
        .Concat(rows.Where(column => column.Kind == GeneratedKind.ListedUnit).Select(column => $"v.{column.Name} ASC NULLS LAST"));

    private static string Listed(int output) => string.Create(CultureInfo.InvariantCulture, $"o{output}");

    private static string Value(QueryPlan plan, GeneratedColumn column)
    {
        var value = column.Kind == GeneratedKind.ListedUnit
            ? SqlWriter.Unit(column.Table, plan.Tables[column.Table].Unit!)
            : SqlWriter.Column(((OutputExpression.Listed)plan.Outputs[column.Index].Expression).Column);
        return column.Type.Type == ColumnType.Sha256 ? $"lower(hex({value}))" : value;
    }
}
