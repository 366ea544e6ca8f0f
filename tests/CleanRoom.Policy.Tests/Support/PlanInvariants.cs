using System.Collections.Immutable;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Support;

/// <summary>What holds for every plan that is allowed, said anew from the contract: no column is used without its owner's grant.</summary>
internal static class PlanInvariants
{
    /// <summary>Checks a plan for an audience that is one collaborator.</summary>
    public static void Check(Contract contract, QueryPlan plan, string audience)
    {
        plan.Tables.Should().NotBeEmpty().And.HaveCountLessThanOrEqualTo(QueryPlan.MaxTables);
        plan.Outputs.Should().NotBeEmpty();
        var strictest = plan.Tables.Where(table => table.Owner != audience)
            .Select(table => contract.Datasets.Single(dataset => dataset.SqlName == table.Dataset).Policy.Threshold.MinUnits).DefaultIfEmpty(0).Max();
        foreach (var table in plan.Tables)
        {
            var unit = contract.Datasets.Single(dataset => dataset.SqlName == table.Dataset).Policy.Unit;
            table.MinUnits.Should().Be(table.Owner == audience ? 0 : strictest);
            table.Unit!.Column.Should().Be(unit!.Column);
        }

        foreach (var (column, uses) in Uses(plan))
        {
            var table = plan.Tables[column.Table];
            var policy = contract.Datasets.Single(dataset => dataset.SqlName == table.Dataset).Policy.Columns[column.Name];
            column.Type.Should().Be(policy.Type);
            if (table.Owner != audience)
            {
                policy.Uses.Intersect(uses).Should().NotBeEmpty($"{table.Dataset}.{column.Name} needs one of {string.Join(", ", uses)}");
            }
        }

        (plan.Tier == PolicyTier.List).Should().Be(plan.Outputs.Any(output => output.Expression is OutputExpression.Listed));
        plan.Aggregates.Should().NotContain(aggregate => aggregate.Columns.Select(column => plan.Tables[column.Table].Owner).Distinct().Count() > 1);
        var relations = plan.Tables.Select(table => table.Dataset).Distinct()
            .Select(name => KeyValuePair.Create(name, "x")).ToImmutableSortedDictionary(StringComparer.Ordinal);
        var sql = SqlGenerator.Generate(plan, new GenerationOptions { Relations = relations });
        sql.Columns.Should().Contain(column => column.Kind == GeneratedKind.Units || plan.Tables.All(table => table.Owner == audience));
    }

    private static IEnumerable<(PlanColumn Column, ColumnUse[] Uses)> Uses(QueryPlan plan) =>
        plan.Joins.SelectMany(join => new[] { join.Left, join.Right }).Select(column => (column, new[] { ColumnUse.Join }))
            .Concat(plan.Filter is { } filter ? Columns(filter).Select(column => (column, new[] { ColumnUse.Filter })) : [])
            .Concat(plan.Outputs.Select(output => output.Expression).OfType<OutputExpression.Listed>().Select(listed => (listed.Column, new[] { ColumnUse.List })))
            .Concat(plan.Groups.Select(group => (group.Column, new[] { ColumnUse.Group })))
            .Concat(plan.Aggregates.SelectMany(aggregate => aggregate.Columns.Select(column => (column, aggregate.Function switch
            {
                AggregateFunction.Sum => new[] { ColumnUse.Sum },
                AggregateFunction.CountDistinct => [ColumnUse.CountDistinct, ColumnUse.Group],
                _ => [ColumnUse.Avg],
            }))));

    private static IEnumerable<PlanColumn> Columns(PlanFilter filter) => filter switch
    {
        PlanFilter.And and => and.Items.SelectMany(Columns),
        PlanFilter.Or or => or.Items.SelectMany(Columns),
        PlanFilter.Not not => Columns(not.Item),
        PlanFilter.Compare compare => [compare.Column],
        PlanFilter.In within => [within.Column],
        PlanFilter.IsNull absent => [absent.Column],
        _ => throw new InvalidOperationException(),
    };
}
