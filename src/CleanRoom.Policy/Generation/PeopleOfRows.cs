using CleanRoom.Policy.Plans;

namespace CleanRoom.Policy.Generation;

/// <summary>Writes who stands behind rows: the same text wherever joins make it the same people, so that an engine counts them once.</summary>
/// <param name="plan">The plan as it is stored.</param>
/// <param name="facts">What is known of its rows.</param>
internal sealed class PeopleOfRows(QueryPlan plan, StoredFacts facts)
{
    /// <summary>The unit of an occurrence, or NULL for nobody; the bare column where nobody is in no joined row.</summary>
    public string Unit(int table)
    {
        var same = Same(table);
        var (first, unit) = (same[0], plan.Tables[same[0]].Unit!);
        return IsComplete(same) ? SqlWriter.Column(first, unit.Column) : SqlWriter.Unit(first, unit);
    }

    /// <summary>Says whether every joined row is of somebody in an occurrence.</summary>
    public bool IsSomebody(int table) => IsComplete(Same(table));

    /// <summary>Says whether an aggregate has a value in every row.</summary>
    public bool IsAlwaysPresent(PlanAggregate aggregate) =>
        aggregate.Columns.All(column => facts.NeverNull.Contains((plan.Tables[column.Table].Dataset, column.Name)));

    /// <summary>The number of people of an occurrence, or of rows of somebody.</summary>
    public string Count(int table, bool countsRows) => (countsRows, IsSomebody(table)) switch
    {
        (true, true) => "count(*)",
        (true, false) => $"count({Unit(table)})",
        _ => $"count(DISTINCT {Unit(table)})",
    };

    /// <summary>The number of those who contribute to an aggregate, or of their rows.</summary>
    public string Contributors(int table, PlanAggregate aggregate, bool countsRows) => IsAlwaysPresent(aggregate)
        ? Count(table, countsRows)
        : $"{Count(table, countsRows)} FILTER (WHERE {SqlWriter.Present(aggregate)})";

    /// <summary>The occurrences whose unit is the same in each joined row, of the same type, ascending.</summary>
    private List<int> Same(int table)
    {
        var equal = JoinedColumns.EqualToUnit(plan, table);
        var type = plan.Tables[table].Unit!.Type;
        return [.. Enumerable.Range(0, plan.Tables.Length).Where(other => plan.Tables[other].Unit is { } unit && unit.Type == type && equal.Contains((other, unit.Column)))];
    }

    private bool IsComplete(List<int> same) => same.Exists(table => facts.EveryRowHasUnit.Contains(plan.Tables[table].Dataset));
}
