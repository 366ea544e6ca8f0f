using System.Collections.Immutable;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Verdicts;

namespace CleanRoom.Policy.Generation;

/// <summary>The columns that generated SQL reads: what the engine needs decrypted, and nothing else.</summary>
public static class PlanColumns
{
    /// <summary>Returns dataset SQL name to column names. A dataset of which only rows are counted has no columns.</summary>
    public static ImmutableSortedDictionary<string, ImmutableSortedSet<string>> Of(QueryPlan plan)
    {
        var used = plan.Joins.SelectMany(join => new[] { join.Left, join.Right })
            .Concat(plan.Filter is { } filter ? Lineage.Columns(filter) : [])
            .Concat(plan.Groups.Select(group => group.Column))
            .Concat(plan.Aggregates.SelectMany(aggregate => aggregate.Columns))
            .Concat(plan.Outputs.Select(output => output.Expression).OfType<OutputExpression.Listed>().Select(listed => listed.Column))
            .Select(column => (plan.Tables[column.Table].Dataset, column.Name))
            .Concat(plan.Tables.Where(table => table.IsProtected && table.Unit is not null).Select(table => (table.Dataset, table.Unit!.Column)))
            .ToLookup(pair => pair.Dataset, pair => pair.Item2, StringComparer.Ordinal);
        return plan.Tables
            .Select(table => table.Dataset)
            .Distinct(StringComparer.Ordinal)
            .ToImmutableSortedDictionary(
                dataset => dataset, dataset => used[dataset].ToImmutableSortedSet(StringComparer.Ordinal), StringComparer.Ordinal);
    }
}
