using System.Collections.Immutable;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;
using CsCheck;

namespace CleanRoom.Policy.Tests.Generation;

/// <summary>Plans of the dp tier over <see cref="RandomTable"/>, with bounds so narrow that they bite.</summary>
internal static class RandomNoise
{
    /// <summary>Plans of one to three tables, whose groups are private.</summary>
    public static Gen<QueryPlan> Plans { get; } = Gen.Select(RandomPlan.Plans, Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int[-300, 300], Gen.Int[0, 400], Blur);

    private static QueryPlan Blur(QueryPlan plan, int groups, int rows, int lower, int width)
    {
        var aggregates = plan.Aggregates.Where(aggregate => !aggregate.Function.IsStatistic()).ToImmutableArray();
        aggregates = aggregates.IsEmpty ? [new PlanAggregate(AggregateFunction.CountRows, null)] : aggregates;

        // Noise is for the people of a protected occurrence.
        var unitTable = rows % plan.Tables.Length;
        var table = plan.Tables[unitTable];
        return plan with
        {
            Tier = PolicyTier.Dp,
            Tables = plan.Tables.SetItem(unitTable, table with { MinUnits = Math.Max(1, table.MinUnits) }),
            Aggregates = aggregates,
            Outputs = [new PlanOutput("a", new OutputExpression.Aggregate(0, aggregates[0].CellType))],
            DominancePercent = null,
            History = null,
            Noise = new PlanNoise
            {
                UnitTable = unitTable,
                MaxGroupsPerUnit = groups,
                MaxRowsPerUnit = rows,
                NanoRho = 1_000_000,
                AttoDelta = 1_000_000_000,
                MinUnits = 1,
                PublicGroups = null,
                Clamps = [.. aggregates.Select(aggregate => aggregate.Function is AggregateFunction.Sum or AggregateFunction.Average
                    ? new PlanClamp(lower, lower + width)
                    : null)],
            },
        };
    }
}
