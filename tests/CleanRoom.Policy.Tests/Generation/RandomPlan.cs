using System.Collections.Immutable;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;
using CsCheck;

namespace CleanRoom.Policy.Tests.Generation;

/// <summary>Plans over <see cref="RandomTable"/>: any shape that the evaluator can build.</summary>
internal static class RandomPlan
{
    private static readonly ImmutableArray<PlanTable> _datasets =
    [
        new("x.a", "x", new PlanUnit("id", ColumnType.String, "d"), 2),
        new("x.b", "x", new PlanUnit("n", ColumnType.Int64, "d"), 2),
        new("y.a", "y", new PlanUnit("hash", ColumnType.Sha256, "d"), 2),
        new("y.b", "y", new PlanUnit("code", ColumnType.Uuid, "d"), 2),
        new("z.own", "z", new PlanUnit("id", ColumnType.String, "d"), 0),
    ];

    private static readonly ImmutableArray<PlanColumn> _measures =
        [.. RandomTable.Columns.Where(column => column.Type is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal)];

    /// <summary>Columns whose squares stay small, as the policy asks of statistics.</summary>
    private static readonly ImmutableArray<PlanColumn> _small = [.. RandomTable.Columns.Where(column => column.Name is "select" or "rate")];

    private static readonly ImmutableArray<PlanColumn> _keys =
        [.. RandomTable.Columns.Where(column => column.Type is not (ColumnType.Boolean or ColumnType.Decimal or ColumnType.Int32))];

    /// <summary>Plans of one to three tables.</summary>
    public static Gen<QueryPlan> Plans { get; } = Gen.Int[0, 1_000_000].Array[40].Select(numbers => Build(new Numbers(numbers)));

    private static QueryPlan Build(Numbers next)
    {
        var tables = Enumerable.Range(0, 1 + next.Below(3)).Select(_ => _datasets[next.Below(_datasets.Length)]).ToImmutableArray();
        var joins = Enumerable.Range(1, tables.Length - 1)
            .SelectMany(table => Enumerable.Range(0, 1 + next.Below(2)).Select(_ => (Key: _keys[next.Below(_keys.Length)], Table: table)))
            .Select(pair => new PlanJoin(pair.Key with { Table = next.Below(pair.Table) }, pair.Key with { Table = pair.Table }))
            .ToImmutableArray();
        var groups = Enumerable.Range(0, next.Below(3)).Select(_ => Group(next, tables.Length)).ToImmutableArray();
        var aggregates = Enumerable.Range(0, 1 + next.Below(3)).Select(_ => Aggregate(next, tables.Length)).ToImmutableArray();
        return new QueryPlan
        {
            Tier = PolicyTier.Threshold,
            Tables = tables,
            Joins = joins,
            Filter = next.Below(3) == 0 ? null : Filter(next, tables.Length, depth: 2),
            Groups = groups,
            Aggregates = aggregates,
            Outputs = [new PlanOutput("a", new OutputExpression.Aggregate(0, aggregates[0].CellType))],
            Having = null,
            Order = [],
            Limit = null,
            MaxRows = 1_000,
            DominancePercent = next.Below(2) == 0 ? null : 20,
            History = History(next, tables, aggregates),
        };
    }

    private static PlanHistory? History(Numbers next, ImmutableArray<PlanTable> tables, ImmutableArray<PlanAggregate> aggregates)
    {
        var datasets = tables.Where(table => table.IsProtected && next.Below(3) != 0).Select(table => table.Dataset).Distinct().Order(StringComparer.Ordinal).ToImmutableArray();
        return datasets.IsEmpty
            ? null
            : new PlanHistory
            {
                Datasets = [.. datasets.Select(dataset => new AuditedDataset(dataset, 2, 100))],
                Aggregates = [.. Enumerable.Range(0, aggregates.Length).Where(index => aggregates[index].Column is not null && next.Below(2) == 0)],
                Rows = 1 + next.Below(5),
            };
    }

    private static PlanColumn Column(Numbers next, int tables, ImmutableArray<PlanColumn> from) =>
        from[next.Below(from.Length)] with { Table = next.Below(tables) };

    private static GroupKey Group(Numbers next, int tables)
    {
        var column = Column(next, tables, RandomTable.Columns);
        return (column.Type, next.Below(4)) switch
        {
            (ColumnType.Date or ColumnType.Timestamp, 1) => new GroupKey.Part(column, (DatePart)(1 + next.Below(4))),
            (ColumnType.Int32 or ColumnType.Int64, 1) => new GroupKey.BandNumber(column, 1 + next.Below(4)),
            (ColumnType.Date or ColumnType.Timestamp, 0) => new GroupKey.Truncated(column, (TimeGrain)(1 + next.Below(5))),
            (ColumnType.Int32 or ColumnType.Int64, 0) => new GroupKey.Band(column, 1 + next.Below(4)),
            _ => new GroupKey.Whole(column),
        };
    }

    private static PlanAggregate Aggregate(Numbers next, int tables) => next.Below(6) switch
    {
        0 => new PlanAggregate(AggregateFunction.CountRows, null),
        1 => new PlanAggregate(AggregateFunction.CountDistinct, Column(next, tables, RandomTable.Columns)),
        2 => new PlanAggregate(AggregateFunction.Sum, Column(next, tables, _measures)),
        3 => new PlanAggregate(AggregateFunction.Average, Column(next, tables, _measures)),
        _ => Statistic((AggregateFunction)(5 + next.Below(16)), next, tables),
    };

    private static PlanAggregate Statistic(AggregateFunction function, Numbers next, int tables) => new(
        function, Column(next, tables, _small), function.Arity() == 2 ? Column(next, tables, _small) : null);

    private static PlanFilter Filter(Numbers next, int tables, int depth)
    {
        var column = Column(next, tables, RandomTable.Columns);
        return next.Below(depth > 0 ? 6 : 3) switch
        {
            0 => new PlanFilter.Compare(column, (Comparison)(1 + next.Below(6)), RandomTable.LiteralOf(column, next.Below(1_000))),
            1 => new PlanFilter.IsNull(column, next.Below(2) == 0),
            2 => new PlanFilter.In(
                column, next.Below(2) == 0, [.. Enumerable.Range(0, 1 + next.Below(3)).Select(_ => RandomTable.LiteralOf(column, next.Below(1_000)))]),
            3 => new PlanFilter.And([Filter(next, tables, depth - 1), Filter(next, tables, depth - 1)]),
            4 => new PlanFilter.Or([Filter(next, tables, depth - 1), Filter(next, tables, depth - 1)]),
            _ => new PlanFilter.Not(Filter(next, tables, depth - 1)),
        };
    }

    /// <summary>Deals out given numbers, in turn.</summary>
    private sealed class Numbers(int[] numbers)
    {
        private int _next;

        public int Below(int limit) => numbers[_next++ % numbers.Length] % limit;
    }
}
