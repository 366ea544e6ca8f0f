using System.Collections.Immutable;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Support;

/// <summary>The least plan of the threshold tier: it counts all rows.</summary>
internal static class CountingPlan
{
    /// <summary>Returns it over some tables.</summary>
    public static QueryPlan Of(ImmutableArray<PlanTable> tables, params ImmutableArray<PlanJoin> joins) => new()
    {
        Tier = PolicyTier.Threshold,
        Tables = tables,
        Joins = joins,
        Filter = null,
        Groups = [],
        Aggregates = [new PlanAggregate(AggregateFunction.CountRows, null)],
        Outputs = [new PlanOutput("n", new OutputExpression.Aggregate(0, CellType.Count))],
        Having = null,
        Order = [],
        Limit = null,
        MaxRows = 10,
        DominancePercent = null,
    };
}
