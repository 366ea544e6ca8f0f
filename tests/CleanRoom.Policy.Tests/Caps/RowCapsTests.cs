using System.Collections.Immutable;
using CleanRoom.Policy.Caps;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Generation;
using CleanRoom.Policy.Tests.Partitions;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;
using CsCheck;

namespace CleanRoom.Policy.Tests.Caps;

/// <summary>The threshold decided by numbers of rows. Spec: contracts/spec/0008 s.15.</summary>
public sealed class RowCapsTests
{
    private const int K = 10;

    private static readonly PlanTable _people = new("a.people", "a", new PlanUnit("id", ColumnType.Int32, "d"), K);
    private static readonly PlanTable _visits = new("b.visits", "b", new PlanUnit("person", ColumnType.Int32, "d"), K);
    private static readonly PlanTable _places = new("c.places", "c", null, 0);
    private static readonly PlanJoin _byUnit = Join((0, "id"), (1, "person"));

    [Theory]
    [InlineData(0, "few")]
    [InlineData(9, "few")]
    [InlineData(10, "open")]
    [InlineData(36, "open")]
    [InlineData(37, "enough")]
    [InlineData(1_000_000, "enough")]
    public void Decide_oneTable_byRowsOfFourEach(int rows, string expected) => Decided(CountingPlan.Of([_visits]), rows).Should().Be(expected);

    [Theory]
    [InlineData(1, 4, 36, "open")]
    [InlineData(1, 4, 37, "enough")]
    [InlineData(3, 4, 108, "open")]
    [InlineData(3, 4, 109, "enough")]
    public void Decide_joinedByTheUnit_eachRowMayMeetEachRow(int people, int visits, int rows, string expected) =>
        Decided(CountingPlan.Of([_people, _visits], _byUnit), rows, people, visits).Should().Be(expected);

    [Fact]
    public void Decide_tableMetByAUniqueColumn_addsNoRow()
    {
        var plan = CountingPlan.Of([_visits, _places], Join((0, "place"), (1, "place")));

        Decided(plan, 37, unique: ["place"]).Should().Be("enough");
        RowCaps.Of(plan, Contract([]), Largest(1, 4)).Should().BeNull("one visit may meet any number of places");
    }

    /// <summary>The unique column has to be that of the table that comes in: one place may have any number of visits.</summary>
    [Fact]
    public void Of_uniqueColumnOfTheOtherSide_boundsNothing() =>
        RowCaps.Of(CountingPlan.Of([_people, _visits with { Unit = null, MinUnits = 0 }], _byUnit), Contract(["id"]), Largest(1, 4)).Should().BeNull();

    [Fact]
    public void Of_tablesJoinedByAnotherColumn_countsPeople() =>
        RowCaps.Of(CountingPlan.Of([_people, _visits], Join((0, "place"), (1, "place"))), Contract([]), Largest(1, 4)).Should().BeNull();

    [Fact]
    public void Of_whatNeedsPeopleAnyway_isNull()
    {
        var plan = CountingPlan.Of([_visits]);

        RowCaps.Of(plan, Contract([]), Largest(1, 4)).Should().NotBeNull();
        RowCaps.Of(plan with { DominancePercent = 10 }, Contract([]), Largest(1, 4)).Should().BeNull();
        RowCaps.Of(plan with { Tier = PolicyTier.List }, Contract([]), Largest(1, 4)).Should().BeNull();
        RowCaps.Of(plan with { Tier = PolicyTier.Dp }, Contract([]), Largest(1, 4)).Should().BeNull();
        RowCaps.Of(plan with { Aggregates = [new PlanAggregate(AggregateFunction.CountDistinct, new PlanColumn(0, "person", ColumnType.Int32, 0))] }, Contract([]), Largest(1, 4))
            .Should().BeNull("the people are counted for the answer");
        RowCaps.Of(plan with { Aggregates = [new PlanAggregate(AggregateFunction.CountDistinct, new PlanColumn(0, "place", ColumnType.Int32, 0))] }, Contract([]), Largest(1, 4))
            .Should().NotBeNull();
        RowCaps.Of(plan with { History = new PlanHistory { Datasets = [], Aggregates = [], Rows = 0 } }, Contract([]), Largest(1, 4)).Should().BeNull();
    }

    /// <summary>Nine people of four rows each have 36: with as many rows there may be ten, with fewer no run by rows ends well. A key of no declared values counts as 64.</summary>
    [Theory]
    [InlineData(2304, 0, false)]
    [InlineData(2305, 0, true)]
    [InlineData(36, 1, false)]
    [InlineData(37, 1, true)]
    [InlineData(72, 2, false)]
    [InlineData(73, 2, true)]
    public void Of_moreGroupsThanTheRowsCouldFill_isNull(long rows, int values, bool isTried)
    {
        var plan = CountingPlan.Of([_visits]) with { Groups = [new GroupKey.Whole(new PlanColumn(0, "place", ColumnType.String, 0))] };
        var contract = Contract([]);
        var domain = new ColumnDomain { Values = [.. Enumerable.Range(0, values).Select(value => $"place {value}")] };
        var column = new ColumnPolicy { Type = ColumnType.String, Uses = [], Domain = domain };
        contract = contract with
        {
            Datasets = [.. contract.Datasets.Select(dataset => dataset with { Policy = dataset.Policy with { Columns = dataset.Policy.Columns.SetItem("place", column) } })],
        };

        (RowCaps.Of(plan, contract, Largest(1, 4, rows)) is not null).Should().Be(isTried);
    }

    [Fact]
    public void Decide_rowThatIsWithheld_asksNothingMore()
    {
        var caps = RowCaps.Of(CountingPlan.Of([_people, _visits with { MinUnits = 20 }], _byUnit), Contract([]), Largest(1, 4))!;
        ImmutableArray<ImmutableArray<CellValue>> rows = [[Number(15), Number(15), Number(15)]];

        caps.Decide(rows).Should().BeEquivalentTo(rows, "15 rows are not of 20 people, whoever the others are");
    }

    [Fact]
    public void Decide_contributors_areProvenForThemselves()
    {
        var plan = CountingPlan.Of([_visits]) with
        {
            Aggregates = [new PlanAggregate(AggregateFunction.Sum, new PlanColumn(0, "value", ColumnType.Int32, 0))],
        };
        var caps = RowCaps.Of(plan, Contract([]), Largest(1, 4))!;

        caps.Decide([[Number(5), Number(1_000), Number(36)]]).Should().BeNull();
        caps.Decide([[Number(5), Number(1_000), Number(37)]])!.Value[0].Should().Equal(Number(5), Number(K), Number(K));
        caps.Decide([[Number(5), Number(1_000), Number(9)]])!.Value[0].Should().Equal(Number(5), Number(K), Number(9));
    }

    [Fact]
    public void Decide_rowsThatAreNotNumbers_areRefused()
    {
        var caps = RowCaps.Of(CountingPlan.Of([_visits]), Contract([]), Largest(1, 4))!;

        new Action(() => caps.Decide([[Number(5), CellValue.Null.Instance]])).Should().Throw<ArgumentException>();
        new Action(() => caps.Decide([[Number(5), Number(-1)]])).Should().Throw<ArgumentException>();
        new Action(() => caps.Decide([[Number(5)]])).Should().Throw<ArgumentException>();
    }

    /// <summary>Random plans over random data and a real engine: whatever is decided by rows is what people decide.</summary>
    [Fact]
    public void Decide_byRows_isTheDecisionByPeople()
    {
        var (decided, rounds) = (0, Tier.Cases(quick: 300, full: 4_000));
        Gen.Select(RandomPlan.Plans, Gen.Int[0, 1_000_000].Array[40], RandomTable.Rows.Array[RandomTableEngine.Datasets.Length]).Sample(
            (random, numbers, tables) =>
            {
                var plan = JoinedByUnit.Of(random, numbers, out var unit) with { History = null, DominancePercent = null };
                if (RowCaps.Of(plan, MeasuredTables.Contract(tables), MeasuredTables.Statements(tables, unit)) is not { } caps)
                {
                    return;
                }

                using var engine = new PartitionedTables(tables, unit, RandomTableEngine.Datasets.ToImmutableDictionary(dataset => dataset, _ => 1));
                if (caps.Decide(engine.WholeByRows(plan, StoredFacts.Of(MeasuredTables.Contract(tables), MeasuredTables.Statements(tables, unit)))) is not { } rows)
                {
                    return;
                }

                decided++;
                Lines(ThresholdGate.Apply(plan, rows)).Should().Equal(Lines(ThresholdGate.Apply(plan, engine.Whole(plan, []))));
            },
            iter: rounds,
            threads: 1);

        decided.Should().BeGreaterThan(rounds / 4);
    }

    private static IEnumerable<string> Lines(ReleasedTable table) => table.Rows.Select(row => string.Join(" | ", row));

    private static string Decided(QueryPlan plan, int rows, int people = 1, int visits = 4, params string[] unique)
    {
        ImmutableArray<CellValue> row = [Number(rows), .. plan.Tables.Where(table => table.IsProtected).Select(_ => Number(rows))];
        return RowCaps.Of(plan, Contract(unique), Largest(people, visits))!.Decide([row]) is not { } decided ? "open"
            : decided[0].Skip(1).All(value => value is CellValue.Number number && number.Unscaled >= K) ? "enough" : "few";
    }

    private static CellValue.Number Number(int value) => new(value, 0);

    private static ImmutableArray<IngestStatement> Largest(long people, long visits, long rows = MeasuredTables.ManyRows) =>
        [MeasuredTables.Statement("a.people", people, rows), MeasuredTables.Statement("b.visits", visits, rows), MeasuredTables.Statement("c.places", 0, rows)];

    private static PlanJoin Join((int Table, string Name) left, (int Table, string Name) right) =>
        new(new PlanColumn(left.Table, left.Name, ColumnType.Int32, 0), new PlanColumn(right.Table, right.Name, ColumnType.Int32, 0));

    private static Contract Contract(string[] unique) =>
        MeasuredTables.Of([("a", "people"), ("b", "visits"), ("c", "places")], _ => ["id", "person", "place"], (_, column) => unique.Contains(column), (_, _) => true);
}
