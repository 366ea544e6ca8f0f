using System.Collections.Immutable;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Partitions;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;
using CsCheck;

namespace CleanRoom.Policy.Tests.Generation;

/// <summary>What is known of the rows makes the SQL another one and never the answer. Spec: contracts/spec/0008 s.10.1.</summary>
public sealed class UnitFirstTests
{
    private static readonly PlanTable _people = new("x.a", "x", new PlanUnit("id", ColumnType.String, "d"), 2);
    private static readonly PlanTable _rows = new("y.a", "y", new PlanUnit("id", ColumnType.String, "d"), 2);
    private static readonly PlanJoin _join = new(RandomTable.Columns[0], RandomTable.Columns[0] with { Table = 1 });
    private static readonly StoredFacts _facts = StoredFacts.None with { OneRowPerUnit = ["x.a", "x.b", "y.b", "z.own"], EveryRowHasUnit = ["x.a"] };

    private static QueryPlan Joined => CountingPlan([_people, _rows]) with { Joins = [_join] };

    /// <summary>Random plans over random data and a real engine, in which all but one of the plan's datasets have a row of each person.</summary>
    [Fact]
    public void Generate_withFacts_givesTheSameRows()
    {
        var (shaped, rounds) = (0, Tier.Cases(quick: 250, full: 6_000));
        Gen.Select(RandomPlan.Plans, Gen.Int[0, 1_000_000].Array[40], RandomTable.Rows.Array[RandomTableEngine.Datasets.Length]).Sample(
            (random, numbers, tables) =>
            {
                var plan = Simple(JoinedByUnit.Of(random, numbers, out var unit));
                var rows = OneRowEach(plan, tables, unit, hasNobody: numbers[39] % 2 == 0);
                var facts = StoredFacts.Of(MeasuredTables.Contract(rows), MeasuredTables.Statements(rows, unit));
                shaped += UnitFirst.Of(plan, facts) is null ? 0 : 1;

                using var engine = new PartitionedTables(rows, unit, RandomTableEngine.Datasets.ToImmutableDictionary(dataset => dataset, _ => 1));
                Lines(engine.Whole(plan, [], facts)).Should().BeEquivalentTo(
                    Lines(engine.Whole(plan, [])), SqlGenerator.Generate(plan, RandomTableEngine.Options with { Facts = facts }).Text);
            },
            iter: rounds,
            threads: 1);

        shaped.Should().BeGreaterThan(rounds / 10);
    }

    [Fact]
    public void Of_datasetsJoinedByTheUnitOfWhichOneHasManyRows_isOfThisShape() => UnitFirst.Of(Joined, _facts).Should().NotBeNull();

    [Fact]
    public void Of_anotherShape_isNull()
    {
        UnitFirst.Of(Joined, _facts with { OneRowPerUnit = [] }).Should().BeNull("both may have many rows");
        UnitFirst.Of(Joined, _facts with { OneRowPerUnit = ["x.a", "y.a"] }).Should().BeNull("rows are people");
        UnitFirst.Of(Joined with { History = new PlanHistory { Datasets = [], Aggregates = [], Rows = 1 } }, _facts).Should().BeNull();
        UnitFirst.Of(Joined with { DominancePercent = 20 }, _facts).Should().BeNull();
        UnitFirst.Of(Joined with { Tier = PolicyTier.List }, _facts).Should().BeNull();
        UnitFirst.Of(Joined with { Joins = [_join, new PlanJoin(RandomTable.Columns[1], RandomTable.Columns[1] with { Table = 1 })] }, _facts).Should().BeNull("they meet by more than the unit");
        UnitFirst.Of(Joined with { Tables = [_people with { Unit = null, MinUnits = 0 }, _rows] }, _facts).Should().BeNull("one has no unit");
        UnitFirst.Of(CountingPlan([_rows with { MinUnits = 0 }]), _facts).Should().BeNull("nobody is protected, and the unit column is not read");
    }

    [Fact]
    public void Of_filterOverBothDatasets_isNull()
    {
        var (inner, outer) = (Compare(1), Compare(0));

        UnitFirst.Of(Joined with { Filter = new PlanFilter.And([inner, outer]) }, _facts).Should().NotBeNull();
        UnitFirst.Of(Joined with { Filter = new PlanFilter.Or([inner, outer]) }, _facts).Should().BeNull();
    }

    [Fact]
    public void Of_peopleCountedForTheAnswer_needsThatNoRowIsOfNobody()
    {
        var counted = Joined with { Aggregates = [new PlanAggregate(AggregateFunction.CountDistinct, RandomTable.Columns[0])] };

        UnitFirst.Of(counted, _facts).Should().NotBeNull();
        UnitFirst.Of(counted, _facts with { EveryRowHasUnit = [] }).Should().BeNull();
        UnitFirst.Of(counted with { Aggregates = [new PlanAggregate(AggregateFunction.CountDistinct, RandomTable.Columns[1])] }, _facts).Should().BeNull("another column");
        UnitFirst.Of(Joined with { Aggregates = [new PlanAggregate(AggregateFunction.VarPop, RandomTable.Columns[2])] }, _facts).Should().BeNull("a statistic");
    }

    [Fact]
    public void Generate_rowsOfSomebodyAlone_areCountedAsRows()
    {
        var options = RandomTableEngine.Options with { CountsRows = true, Facts = _facts };

        SqlGenerator.Generate(Joined, options).Text.Should().NotContain("NOT IN").And.NotContain("DISTINCT");
        SqlGenerator.Generate(Joined, options with { Facts = _facts with { EveryRowHasUnit = [] } }).Text.Should().Contain("count(CASE WHEN t0.\"id\" NOT IN");
    }

    private static QueryPlan CountingPlan(ImmutableArray<PlanTable> tables) => Support.CountingPlan.Of(tables);

    private static PlanFilter.Compare Compare(int table) =>
        new(RandomTable.Columns[2] with { Table = table }, Comparison.Greater, new Literal(ColumnType.Int32, "0"));

    /// <summary>Without what this shape never has: an audit, the p%-rule, statistics.</summary>
    private static QueryPlan Simple(QueryPlan plan) => plan with
    {
        History = null,
        DominancePercent = null,
        Aggregates = [.. plan.Aggregates.Select(aggregate => aggregate.Function.IsStatistic() ? new PlanAggregate(AggregateFunction.Sum, aggregate.Column) : aggregate)],
    };

    /// <summary>Leaves of all datasets but the plan's last one row of each person; rows of nobody stay, or go.</summary>
    private static ImmutableArray<CellValue>[][] OneRowEach(QueryPlan plan, ImmutableArray<CellValue>[][] tables, int unit, bool hasNobody) =>
    [
        .. tables.Select((rows, index) =>
        {
            var some = rows.Where(row => hasNobody || !MeasuredTables.IsNobody(unit, row[unit])).ToArray();
            return RandomTableEngine.Datasets[index] == plan.Tables[^1].Dataset
                ? some
                : [.. some.Where(row => MeasuredTables.IsNobody(unit, row[unit])), .. some.Where(row => !MeasuredTables.IsNobody(unit, row[unit])).DistinctBy(row => row[unit])];
        }),
    ];

    private static IEnumerable<string> Lines(ImmutableArray<ImmutableArray<CellValue>> rows) => rows.Select(row => string.Join(" | ", row));
}
