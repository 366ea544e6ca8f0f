using System.Collections.Immutable;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Support;

/// <summary>Plans of the tier list by hand: a protected table x.a joined by its unit with the asker's z.own.</summary>
internal static class ListPlans
{
    /// <summary>Gets the unit column of x.a.</summary>
    public static PlanColumn Id { get; } = new(0, "id", ColumnType.String, 0);

    /// <summary>Gets the column of z.own that is joined with it.</summary>
    public static PlanColumn OwnId { get; } = new(1, "id", ColumnType.String, 0);

    /// <summary>Gets another column of x.a.</summary>
    public static PlanColumn Number { get; } = new(0, "n", ColumnType.Int64, 0);

    /// <summary>Lists columns.</summary>
    public static QueryPlan Of(int minUnits, params ImmutableArray<PlanColumn> columns) => new()
    {
        Tier = PolicyTier.List,
        Tables = [SamplePlans.Protected("x.a", minUnits), new PlanTable("z.own", "z", null, 0)],
        Joins = [new PlanJoin(Id, OwnId)],
        Filter = null,
        Groups = [],
        Aggregates = [],
        Outputs = [.. columns.Select((column, index) => new PlanOutput($"c{index}", new OutputExpression.Listed(column)))],
        Having = null,
        Order = [],
        Limit = null,
        MaxRows = 1_000_000,
        DominancePercent = null,
    };
}
