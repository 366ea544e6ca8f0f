using System.Collections.Immutable;
using System.Diagnostics;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Verdicts;

/// <summary>Which column reaches which output, filter or join, and by which operation.</summary>
internal static class Lineage
{
    /// <summary>Returns the edges, each once, ordered by dataset, column, operation and output.</summary>
    public static ImmutableArray<LineageEdge> Of(QueryPlan plan)
    {
        var edges = plan.Outputs
            .SelectMany(output => Columns(plan, output.Expression).Select(use => Edge(plan, use.Column, use.Operation, output.Name)))
            .Concat(plan.Joins.SelectMany(join => new[] { join.Left, join.Right }).Select(column => Edge(plan, column, "join", string.Empty)))
            .Concat(plan.Filter is { } filter ? Columns(filter).Select(column => Edge(plan, column, "filter", string.Empty)) : [])
            .Concat(plan.Groups.Select((_, index) => index)
                .Where(index => !plan.Outputs.Any(output => Keys(output.Expression).Contains(index)))
                .Select(index => Edge(plan, plan.Groups[index].Column, "group", string.Empty)))
            .Concat(plan.Having is { } having ? Columns(plan, having).Select(column => Edge(plan, column, "having", string.Empty)) : []);
        return
        [
            .. edges
                .Distinct()
                .OrderBy(edge => edge.Dataset, StringComparer.Ordinal)
                .ThenBy(edge => edge.Column, StringComparer.Ordinal)
                .ThenBy(edge => edge.Operation, StringComparer.Ordinal)
                .ThenBy(edge => edge.Output, StringComparer.Ordinal),
        ];
    }

    /// <summary>Returns the columns of a condition on rows.</summary>
    public static IEnumerable<PlanColumn> Columns(PlanFilter filter) => filter switch
    {
        PlanFilter.And and => and.Items.SelectMany(Columns),
        PlanFilter.Or or => or.Items.SelectMany(Columns),
        PlanFilter.Not not => Columns(not.Item),
        PlanFilter.Compare compare => [compare.Column],
        PlanFilter.In within => [within.Column],
        PlanFilter.IsNull absent => [absent.Column],
        _ => throw new UnreachableException(),
    };

    private static LineageEdge Edge(QueryPlan plan, PlanColumn column, string operation, string output) => new()
    {
        Dataset = plan.Tables[column.Table].Dataset,
        Column = column.Name,
        Operation = operation,
        Output = output,
    };

    private static IEnumerable<(PlanColumn Column, string Operation)> Columns(QueryPlan plan, OutputExpression expression) => expression switch
    {
        OutputExpression.Key key => [(plan.Groups[key.Index].Column, "group")],
        OutputExpression.Listed listed => [(listed.Column, "list")],
        OutputExpression.Aggregate aggregate => plan.Aggregates[aggregate.Index].Columns
            .Select(column => (column, plan.Aggregates[aggregate.Index].Function.Word())),
        _ => expression.Parts.SelectMany(part => Columns(plan, part)),
    };

    private static IEnumerable<int> Keys(OutputExpression expression) =>
        expression is OutputExpression.Key key ? [key.Index] : expression.Parts.SelectMany(Keys);

    private static IEnumerable<PlanColumn> Columns(QueryPlan plan, OutputCondition condition) => condition switch
    {
        OutputCondition.And and => and.Items.SelectMany(item => Columns(plan, item)),
        OutputCondition.Or or => or.Items.SelectMany(item => Columns(plan, item)),
        OutputCondition.Not not => Columns(plan, not.Item),
        OutputCondition.Compare compare => Columns(plan, compare.Left).Select(use => use.Column),
        OutputCondition.IsNull absent => Columns(plan, absent.Operand).Select(use => use.Column),
        _ => throw new UnreachableException(),
    };
}
