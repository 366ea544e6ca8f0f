using System.Collections.Immutable;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Support;

/// <summary>Plans and rows by hand.</summary>
internal static class SamplePlans
{
    /// <summary>A protected table of the unit column id.</summary>
    public static PlanTable Protected(string dataset, int minUnits) =>
        new(dataset, dataset.Split('.')[0], new PlanUnit("id", ColumnType.String, "person-v1"), minUnits);

    /// <summary>Groups by one text column, with the given aggregates as outputs behind the key.</summary>
    public static QueryPlan Grouped(int minUnits, params PlanAggregate[] aggregates)
    {
        var key = new GroupKey.Whole(new PlanColumn(0, "g", ColumnType.String, 0));
        return new QueryPlan
        {
            Tier = PolicyTier.Threshold,
            Tables = [Protected("x.a", minUnits)],
            Joins = [],
            Filter = null,
            Groups = [key],
            Aggregates = [.. aggregates],
            Outputs =
            [
                new PlanOutput("g", new OutputExpression.Key(0, key.CellType)),
                .. aggregates.Select((aggregate, index) => new PlanOutput($"a{index}", new OutputExpression.Aggregate(index, aggregate.CellType))),
            ],
            Having = null,
            Order = [],
            Limit = null,
            MaxRows = 1_000,
            DominancePercent = null,
        };
    }

    public static PlanAggregate Count { get; } = new(AggregateFunction.CountRows, null);

    public static PlanAggregate Sum { get; } = new(AggregateFunction.Sum, new PlanColumn(0, "v", ColumnType.Decimal, 2));

    public static PlanAggregate Average { get; } = new(AggregateFunction.Average, new PlanColumn(0, "v", ColumnType.Decimal, 2));

    public static PlanAggregate Distinct { get; } = new(AggregateFunction.CountDistinct, new PlanColumn(0, "v", ColumnType.Decimal, 2));

    /// <summary>A row of engine values: text, integers, decimals with their digits, null.</summary>
    public static ImmutableArray<CellValue> Row(params object?[] values) => [.. values.Select(value => (CellValue)(value switch
    {
        null => CellValue.Null.Instance,
        string text => new CellValue.Text(text),
        int number => CellValue.Of((long)number),
        decimal number => CellValue.Of(number),
        bool truth => new CellValue.Boolean(truth),
        CellValue cell => cell,
        _ => throw new ArgumentOutOfRangeException(nameof(values)),
    }))];

    /// <summary>Returns the released rows as text.</summary>
    public static string[] Released(QueryPlan plan, params ImmutableArray<CellValue>[] rows) =>
        [.. ThresholdGate.Apply(plan, rows).Rows.Select(row => string.Join(",", row))];
}
