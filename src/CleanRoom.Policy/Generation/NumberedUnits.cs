using System.Globalization;
using CleanRoom.Policy.Plans;

namespace CleanRoom.Policy.Generation;

/// <summary>Writes the numbers of people for the audit of earlier answers: who is behind a row, and behind an aggregate.</summary>
/// <remarks>
/// A person's number is his place among all people of the dataset version, in the order of the partitions and in each of the unit column: the same
/// in every query. Of a run over some partitions it is the place among their people. Occurrences of one dataset share it. Spec:
/// contracts/spec/0008 s.10 and s.14, 0015 s.8.
/// </remarks>
/// <param name="plan">The plan.</param>
/// <param name="history">Its <see cref="QueryPlan.History"/>.</param>
/// <param name="options">Where the datasets are.</param>
internal sealed class NumberedUnits(QueryPlan plan, PlanHistory history, GenerationOptions options)
{
    /// <summary>The common table expressions: each dataset's people and their numbers, once for all its occurrences.</summary>
    /// <param name="relation">Returns a dataset under an occurrence's name.</param>
    public IEnumerable<string> Tables(Func<int, string> relation) => history.Datasets.Select((dataset, index) =>
    {
        var table = First(dataset.Name);
        var unit = SqlWriter.Unit(table, plan.Tables[table].Unit!);
        var (people, order) = options.Parts.TryGetValue(dataset.Name, out var parts)
            ? (string.Join(" UNION ALL ", parts.Select((part, place) => string.Create(
                CultureInfo.InvariantCulture, $"SELECT DISTINCT {unit} AS unit, {place} AS part FROM {part} AS t{table}"))), "part, unit")
            : ($"SELECT DISTINCT {unit} AS unit FROM {relation(table)}", "unit");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"h{index} AS MATERIALIZED (SELECT unit, CAST(row_number() OVER (ORDER BY {order}) - 1 AS UINTEGER) AS number FROM ({people}) WHERE unit IS NOT NULL)");
    });

    /// <summary>Joins numbers to rows. A left join of a key: no row is lost and none is doubled.</summary>
    public string Joins() => string.Concat(Enumerable.Range(0, plan.Tables.Length).Where(table => history.Covers(plan.Tables[table])).Select(table => string.Create(
        CultureInfo.InvariantCulture,
        $" LEFT JOIN h{history.IndexOf(plan.Tables[table].Dataset)} AS k{table} ON k{table}.unit = {SqlWriter.Unit(table, plan.Tables[table].Unit!)}")));

    /// <summary>The numbers of a group's people, or of those who contribute to an aggregate, each once and ascending.</summary>
    public string Numbers(GeneratedColumn column)
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"k{column.Table}.number");
        var present = column.Kind == GeneratedKind.ContributorNumbers ? $" AND {SqlWriter.Present(plan.Aggregates[column.Index])}" : string.Empty;
        return $"list_sort(list(DISTINCT {number}) FILTER (WHERE {number} IS NOT NULL{present}))";
    }

    /// <summary>What leaves the engine of these numbers: nothing that the gate has no use for.</summary>
    public string Needed(GeneratedColumn column)
    {
        if (options.IsPartial)
        {
            return $"cells.{column.Name}";
        }

        var (units, least) = (string.Create(CultureInfo.InvariantCulture, $"cells.u0_{column.Table}"), plan.Tables[column.Table].MinUnits);
        var contributors = string.Create(CultureInfo.InvariantCulture, $"cells.c{column.Index}_{column.Table}");
        var condition = column.Kind == GeneratedKind.UnitNumbers ? $"{units} >= {least}" : $"{contributors} >= {least} AND {contributors} < {units}";
        return string.Create(CultureInfo.InvariantCulture, $"CASE WHEN {condition} THEN cells.{column.Name} END AS {column.Name}");
    }

    /// <summary>One row with the number of people of each dataset, then the cells: there is a row even where there are no cells.</summary>
    public string From()
    {
        var counts = history.Datasets.Select((_, index) =>
            string.Create(CultureInfo.InvariantCulture, $"(SELECT count(*) AS n FROM h{index}) AS z{index}"));
        return $" FROM {string.Join(" CROSS JOIN ", counts)} LEFT JOIN cells ON TRUE";
    }

    /// <summary>The number of people of a dataset.</summary>
    public string Count(GeneratedColumn column) => string.Create(
        CultureInfo.InvariantCulture, $"z{history.IndexOf(plan.Tables[column.Table].Dataset)}.n AS {column.Name}");

    private int First(string dataset) => Enumerable.Range(0, plan.Tables.Length).First(table => plan.Tables[table].Dataset == dataset);
}
