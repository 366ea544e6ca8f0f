using System.Collections.Immutable;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Plans;

/// <summary>Plans that have between them every part that a plan can have. They need not make sense as queries.</summary>
internal static class PlanVectors
{
    private static readonly PlanColumn _id = new(0, "id", ColumnType.Int64, 0);
    private static readonly PlanColumn _age = new(0, "age", ColumnType.Int32, 0);
    private static readonly PlanColumn _paid = new(1, "paid", ColumnType.Decimal, 2);
    private static readonly PlanColumn _day = new(1, "day", ColumnType.Date, 0);
    private static readonly PlanColumn _seen = new(1, "seen", ColumnType.Timestamp, 0);
    private static readonly PlanColumn _who = new(1, "id", ColumnType.Int64, 0);
    private static readonly PlanColumn _flag = new(1, "flag", ColumnType.Boolean, 0);
    private static readonly PlanColumn _hash = new(1, "email", ColumnType.Sha256, 0);
    private static readonly PlanColumn _device = new(1, "device", ColumnType.Uuid, 0);

    /// <summary>The plans by the names that the file has.</summary>
    public static IEnumerable<(string Name, QueryPlan Plan)> All =>
    [
        ("threshold", Threshold),
        ("statistics", Statistics),
        ("dp", Noisy(null)),
        ("dp-public", Noisy([[new Literal(ColumnType.Int32, "0"), new Literal(ColumnType.Int32, "1")], [new Literal(ColumnType.Date, "2026-01-05")]])),
        ("list", List),
    ];

    private static ImmutableArray<PlanTable> Tables =>
    [
        new PlanTable("a.people", "a", new PlanUnit("id", ColumnType.Int64, "person-v1"), 50),
        new PlanTable("b.visits", "b", null, 0),
    ];

    private static QueryPlan Threshold
    {
        get
        {
            var sum = new OutputExpression.Aggregate(2, CellType.OfScale(2));
            var count = new OutputExpression.Aggregate(0, CellType.Count);
            var seven = new OutputExpression.Constant(new Literal(ColumnType.Decimal, "-7.5"), CellType.OfScale(1));
            OutputExpression[] values =
            [
                new OutputExpression.Key(0, new CellType(ColumnType.Int32, 0)),
                count,
                seven,
                new OutputExpression.NullIfZero(sum),
                new OutputExpression.Rounded(RoundingFunction.Round, sum, -2),
                new OutputExpression.Rounded(RoundingFunction.Floor, sum, 0),
                new OutputExpression.Rounded(RoundingFunction.Ceiling, sum, 0),
                new OutputExpression.Rounded(RoundingFunction.Absolute, sum, 0),
                .. Enum.GetValues<ChoiceFunction>().Select(function => new OutputExpression.Choice(function, sum, seven)),
                .. Enum.GetValues<ArithmeticOperator>().Select(op => new OutputExpression.Arithmetic(op, sum, count)),
            ];
            return new QueryPlan
            {
                Tier = PolicyTier.Threshold,
                Tables = Tables,
                Joins = [new PlanJoin(_id, _who)],
                Filter = new PlanFilter.And(
                [
                    new PlanFilter.Or([.. Enum.GetValues<Comparison>().Select(comparison => new PlanFilter.Compare(_age, comparison, new Literal(ColumnType.Int32, "30")))]),
                    new PlanFilter.Not(new PlanFilter.IsNull(_hash, Negated: false)),
                    new PlanFilter.IsNull(_device, Negated: true),
                    new PlanFilter.In(_paid, Negated: false, [new Literal(ColumnType.Decimal, "1.25"), new Literal(ColumnType.Decimal, "-3")]),
                    new PlanFilter.In(_age, Negated: true, [new Literal(ColumnType.Int32, "7")]),
                    new PlanFilter.Compare(_flag, Comparison.Equal, new Literal(ColumnType.Boolean, "true")),
                    new PlanFilter.Compare(_seen, Comparison.Less, new Literal(ColumnType.Timestamp, "2026-02-01 00:00:00")),
                ]),
                Groups =
                [
                    new GroupKey.Whole(_age),
                    new GroupKey.Band(_age, 10),
                    new GroupKey.BandNumber(_age, 5),
                    .. Enum.GetValues<TimeGrain>().Select(grain => new GroupKey.Truncated(_seen, grain)),
                    .. Enum.GetValues<DatePart>().Select(part => new GroupKey.Part(_day, part)),
                ],
                Aggregates =
                [
                    new PlanAggregate(AggregateFunction.CountRows, null),
                    new PlanAggregate(AggregateFunction.CountDistinct, _id),
                    new PlanAggregate(AggregateFunction.Sum, _paid),
                    new PlanAggregate(AggregateFunction.Average, _paid),
                ],
                Outputs = [.. values.Select((value, index) => new PlanOutput($"c{index}", value))],
                Having = new OutputCondition.And(
                [
                    new OutputCondition.Or([new OutputCondition.Compare(count, Comparison.GreaterOrEqual, new Literal(ColumnType.Decimal, "100"))]),
                    new OutputCondition.Not(new OutputCondition.IsNull(sum, Negated: false)),
                    new OutputCondition.IsNull(sum, Negated: true),
                ]),
                Order = [new OutputOrder(1, Descending: true, NullsFirst: true), new OutputOrder(0, Descending: false, NullsFirst: false)],
                Limit = 5,
                MaxRows = 1_000,
                DominancePercent = 10,
                History = new PlanHistory { Datasets = [new AuditedDataset("a.people", 50, 2_000)], Aggregates = [1, 2], Rows = 24 },
            };
        }
    }

    private static QueryPlan Statistics
    {
        get
        {
            ImmutableArray<PlanAggregate> statistics =
            [
                .. Enum.GetValues<AggregateFunction>().Where(function => function.IsStatistic())
                    .Select(function => new PlanAggregate(function, _paid, function.Arity() == 2 ? _age : null)),
            ];
            return Threshold with
            {
                Filter = null,
                Groups = [],
                Aggregates = statistics,
                Outputs = [.. statistics.Select((one, index) => new PlanOutput(one.Function.Word(), new OutputExpression.Aggregate(index, one.CellType)))],
                Having = null,
                Order = [],
                Limit = null,
                DominancePercent = null,
                History = null,
            };
        }
    }

    private static QueryPlan List => Threshold with
    {
        Tier = PolicyTier.List,
        Filter = null,
        Groups = [],
        Aggregates = [],
        Outputs = [new PlanOutput("id", new OutputExpression.Listed(_id)), new PlanOutput("paid", new OutputExpression.Listed(_paid))],
        Having = null,
        DominancePercent = null,
        History = null,
    };

    private static QueryPlan Noisy(ImmutableArray<ImmutableArray<Literal>>? publicGroups) => Threshold with
    {
        Tier = PolicyTier.Dp,
        Filter = null,
        Having = null,
        History = null,
        Noise = new PlanNoise
        {
            UnitTable = 0,
            MaxGroupsPerUnit = 3,
            MaxRowsPerUnit = 500,
            NanoRho = 2_866_000,
            AttoDelta = 11_000_000,
            MinUnits = 50,
            PublicGroups = publicGroups,
            Clamps = [null, null, new PlanClamp(0, 10_000_000), new PlanClamp(-5, 5)],
        },
    };
}
