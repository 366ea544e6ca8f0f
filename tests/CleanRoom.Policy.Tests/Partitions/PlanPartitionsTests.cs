using System.Collections.Immutable;
using CleanRoom.Policy.Partitions;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Partitions;

/// <summary>Which plans come apart by partitions. Spec: contracts/spec/0008 s.14.</summary>
public sealed class PlanPartitionsTests
{
    private static readonly PlanTable _people = new("a.people", "a", new PlanUnit("id", ColumnType.Int32, "d"), 10);
    private static readonly PlanTable _visits = new("b.visits", "b", new PlanUnit("person", ColumnType.Int64, "d"), 10);
    private static readonly PlanTable _regions = new("c.regions", "c", null, 0);

    [Fact]
    public void Of_oneTable_isARunForEachPartition()
    {
        var partitions = PlanPartitions.Of(CountingPlan.Of([_people]), Counts(people: 4))!;

        partitions.Runs.Should().Be(4);
        Enumerable.Range(0, 4).Select(run => partitions.Read(run, "a.people", 4)).Should().BeEquivalentTo(new[] { new[] { 0 }, [1], [2], [3] }, equal => equal.WithStrictOrdering());
    }

    [Fact]
    public void Of_onePartition_isOneRun() => PlanPartitions.Of(CountingPlan.Of([_people]), Counts(people: 1)).Should().BeNull();

    [Fact]
    public void Of_tablesJoinedByTheirUnits_readNeighboursOfTheLargerOne()
    {
        var partitions = PlanPartitions.Of(CountingPlan.Of([_people, _visits], Join((0, "id", ColumnType.Int32), (1, "person", ColumnType.Int64))), Counts(people: 2, visits: 8))!;

        partitions.Runs.Should().Be(2);
        partitions.Read(0, "b.visits", 8).Should().Equal(0, 1, 2, 3);
        partitions.Read(1, "b.visits", 8).Should().Equal(4, 5, 6, 7);
        partitions.Read(1, "a.people", 2).Should().Equal(1);
    }

    [Theory]
    [InlineData(64, 8)]
    [InlineData(8, 8)]
    [InlineData(7, 4)]
    [InlineData(3, 2)]
    [InlineData(2, 2)]
    public void InAtMost_readsNeighboursTogether(int most, int runs)
    {
        var partitions = PlanPartitions.Of(CountingPlan.Of([_people]), Counts(people: 8))!.InAtMost(most)!;

        partitions.Runs.Should().Be(runs);
        Enumerable.Range(0, runs).SelectMany(run => partitions.Read(run, "a.people", 8)).Should().Equal(Enumerable.Range(0, 8));
    }

    [Fact]
    public void InAtMost_one_isTheRunOverAll() => PlanPartitions.Of(CountingPlan.Of([_people]), Counts(people: 8))!.InAtMost(1).Should().BeNull();

    [Fact]
    public void Of_aSmallTable_isReadWholeByEachRun()
    {
        var partitions = PlanPartitions.Of(CountingPlan.Of([_people, _visits], Join((0, "id", ColumnType.Int32), (1, "person", ColumnType.Int64))), Counts(people: 1, visits: 4))!;

        partitions.Runs.Should().Be(4);
        partitions.Read(3, "a.people", 1).Should().Equal(0);
        partitions.Split.Keys.Should().Equal("b.visits");
    }

    [Fact]
    public void Of_tableWithoutAUnit_isReadWhole()
    {
        var partitions = PlanPartitions.Of(CountingPlan.Of([_people, _regions], Join((0, "region", ColumnType.String), (1, "region", ColumnType.String))), Counts(people: 4))!;

        partitions.Read(2, "c.regions", 1).Should().Equal(0);
    }

    [Fact]
    public void Of_protectedTablesJoinedByAnotherColumn_isOneRun() =>
        PlanPartitions.Of(CountingPlan.Of([_people, _visits], Join((0, "region", ColumnType.String), (1, "region", ColumnType.String))), Counts(people: 4, visits: 4)).Should().BeNull();

    [Fact]
    public void Of_unitJoinedWithAColumnThatIsNoUnit_isOneRun() =>
        PlanPartitions.Of(CountingPlan.Of([_people, _visits], Join((0, "id", ColumnType.Int32), (1, "doctor", ColumnType.Int32))), Counts(people: 4, visits: 4)).Should().BeNull();

    /// <summary>Its own rows need no people to hide behind, but each of them has to meet all of the others.</summary>
    [Fact]
    public void Of_ownTableJoinedByAnotherColumn_isReadWhole()
    {
        var partitions = PlanPartitions.Of(
            CountingPlan.Of([_people, _visits with { MinUnits = 0 }], Join((0, "id", ColumnType.Int32), (1, "doctor", ColumnType.Int32))), Counts(people: 4, visits: 4))!;

        partitions.Split.Keys.Should().Equal("a.people");
        partitions.Read(1, "b.visits", 4).Should().Equal(0, 1, 2, 3);
    }

    [Fact]
    public void Of_datasetWithItself_comesApartOnlyByTheUnit()
    {
        PlanPartitions.Of(CountingPlan.Of([_people, _people], Join((0, "id", ColumnType.Int32), (1, "id", ColumnType.Int32))), Counts(people: 4))!.Runs.Should().Be(4);
        PlanPartitions.Of(CountingPlan.Of([_people, _people], Join((0, "region", ColumnType.String), (1, "region", ColumnType.String))), Counts(people: 4)).Should().BeNull();
        PlanPartitions.Of(
                CountingPlan.Of([_people, _visits with { MinUnits = 0 }, _visits with { MinUnits = 0 }], Join((0, "id", ColumnType.Int32), (1, "person", ColumnType.Int64)), Join((0, "region", ColumnType.String), (2, "region", ColumnType.String))),
                Counts(people: 4, visits: 4))!
            .Split.Keys.Should().Equal("a.people");
    }

    [Fact]
    public void Of_unitsOfOtherForms_isOneRun()
    {
        static PlanTable Of(PlanTable table, ColumnType type) => table with { Unit = table.Unit! with { Type = type } };

        PlanPartitions.Of(
            CountingPlan.Of([Of(_people, ColumnType.Decimal), Of(_visits, ColumnType.Decimal)], new PlanJoin(new(0, "id", ColumnType.Decimal, 1), new(1, "person", ColumnType.Decimal, 2))),
            Counts(people: 4, visits: 4)).Should().BeNull("1.5 and 1.50 are stored as other numbers");
        PlanPartitions.Of(
            CountingPlan.Of([Of(_people, ColumnType.Date), Of(_visits, ColumnType.Timestamp)], Join((0, "id", ColumnType.Date), (1, "person", ColumnType.Timestamp))),
            Counts(people: 4, visits: 4)).Should().BeNull();
        PlanPartitions.Of(
            CountingPlan.Of([Of(_people, ColumnType.Decimal), Of(_visits, ColumnType.Decimal)], new PlanJoin(new(0, "id", ColumnType.Decimal, 2), new(1, "person", ColumnType.Decimal, 2))),
            Counts(people: 4, visits: 4)).Should().NotBeNull();
    }

    [Theory]
    [InlineData(0, "id", true)]
    [InlineData(1, "person", true)]
    [InlineData(1, "doctor", false)]
    public void Of_countDistinct_comesApartForTheUnitAlone(int table, string column, bool comesApart)
    {
        var plan = CountingPlan.Of([_people, _visits], Join((0, "id", ColumnType.Int32), (1, "person", ColumnType.Int64))) with
        {
            Aggregates = [new PlanAggregate(AggregateFunction.CountDistinct, new PlanColumn(table, column, ColumnType.Int32, 0))],
        };

        (PlanPartitions.Of(plan, Counts(people: 4, visits: 4)) is not null).Should().Be(comesApart);
    }

    [Fact]
    public void Of_dpTier_comesApartByTheUnitThatIsBounded()
    {
        var noise = new PlanNoise
        {
            UnitTable = 0, MaxGroupsPerUnit = 1, MaxRowsPerUnit = 1, NanoRho = 1, AttoDelta = 1, MinUnits = 1, PublicGroups = null, Clamps = [null],
        };
        var plan = CountingPlan.Of([_people with { MinUnits = 0 }, _visits], Join((0, "id", ColumnType.Int32), (1, "doctor", ColumnType.Int32))) with { Tier = PolicyTier.Dp, Noise = noise };

        PlanPartitions.Of(plan, Counts(people: 1, visits: 4)).Should().BeNull();
        PlanPartitions.Of(plan with { Noise = noise with { UnitTable = 1 } }, Counts(people: 1, visits: 4))!.Runs.Should().Be(4);
    }

    private static PlanJoin Join((int Table, string Name, ColumnType Type) left, (int Table, string Name, ColumnType Type) right) =>
        new(new PlanColumn(left.Table, left.Name, left.Type, 0), new PlanColumn(right.Table, right.Name, right.Type, 0));

    private static ImmutableDictionary<string, int> Counts(int people, int visits = 1) =>
        ImmutableDictionary<string, int>.Empty.Add("a.people", people).Add("b.visits", visits).Add("c.regions", 1);
}
