using System.Collections.Immutable;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Partitions;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Privacy.History;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Partitions;

/// <summary>Rows of runs, added up; and runs that lie. Spec: contracts/spec/0008 s.14.</summary>
public sealed class PartialRowsTests
{
    private static readonly PlanColumn _value = new(0, "value", ColumnType.Decimal, 2);

    private static readonly PlanPartitions _two = new() { Runs = 2, Split = ImmutableSortedDictionary<string, int>.Empty.Add("a.people", 2) };

    private static readonly PlanPartitions _whole = _two with { Split = ImmutableSortedDictionary<string, int>.Empty };

    /// <summary>Columns: the region, a count, a sum, the people, the contributors.</summary>
    private static readonly QueryPlan _plan = CountingPlan.Of([new PlanTable("a.people", "a", new PlanUnit("id", ColumnType.Int32, "d"), 10)]) with
    {
        Groups = [new GroupKey.Whole(new PlanColumn(0, "region", ColumnType.String, 0))],
        Aggregates = [new PlanAggregate(AggregateFunction.CountRows, null), new PlanAggregate(AggregateFunction.Sum, _value)],
    };

    /// <summary>Columns: a count, the people, their numbers, how many are numbered.</summary>
    private static readonly QueryPlan _audited = _plan with
    {
        Groups = [],
        Aggregates = [new PlanAggregate(AggregateFunction.CountRows, null)],
        History = new PlanHistory { Datasets = [new AuditedDataset("a.people", 10, 100)], Aggregates = [], Rows = 1 },
    };

    [Fact]
    public void Add_groups_areAddedByTheirKeys()
    {
        var rows = PartialRows.Add(_plan, _two,
        [
            [Row("north", 3, 150, 2, 1), Row(null, 1, null, 1, 0)],
            [Row("south", 5, null, 4, 0), Row("north", 4, -50, 3, 2), Row(null, 2, 7, 2, 1)],
        ]);

        rows.Select(Line).Should().BeEquivalentTo("north | 7 | 1.00 | 5 | 3", "south | 5 | null | 4 | 0", "null | 3 | 0.07 | 3 | 1");
    }

    [Fact]
    public void Add_largestPeople_areTheLargestOfAllRuns()
    {
        var plan = _plan with { Groups = [], Aggregates = [new PlanAggregate(AggregateFunction.Sum, _value)], DominancePercent = 20 };
        GeneratedLayout.Of(plan).Select(column => column.Name).Should().Equal("a0", "u0_0", "c0_0", "s0_0", "x0_0", "y0_0");

        PartialRows.Add(plan, _two, [[Totals(70, 60, 10)], [Totals(95, 50, 45)]]).Select(Line).Should().Equal("0.02 | 4 | 4 | 1.65 | 0.60 | 0.50");
        PartialRows.Add(plan, _two, [[Totals(70, 10, 9)], [Totals(95, 50, 45)]]).Select(Line).Should().Equal("0.02 | 4 | 4 | 1.65 | 0.50 | 0.45");
        PartialRows.Add(plan, _two, [[Totals(7, 7, null)], [Totals(null, null, null)]]).Select(Line).Should().Equal("0.01 | 4 | 4 | 0.07 | 0.07 | null");

        static ImmutableArray<CellValue> Totals(long? total, long? largest, long? second) =>
            [total is null ? CellValue.Null.Instance : Cents(1), CellValue.Of(2L), CellValue.Of(2L), Cents(total), Cents(largest), Cents(second)];
    }

    [Fact]
    public void Add_peopleOfASplitDataset_standBehindThoseOfTheRunsBefore() =>
        PartialRows.Add(_audited, _two, [[Audited(1, [0, 2], 3)], [Audited(4, [0, 4], 5)]]).Select(Line).Should().Equal("5 | 4 | 0,2,3,7 | 8");

    [Fact]
    public void Add_peopleOfADatasetThatEachRunReadsWhole_stayWhereTheyAre() =>
        PartialRows.Add(_audited, _whole, [[Audited(1, [3, 6], 7)], [Audited(4, [0, 4], 7)]]).Select(Line).Should().Equal("5 | 4 | 0,3,4,6 | 7");

    [Fact]
    public void Add_runsWithoutCells_sayOnlyHowManyAreNumbered()
    {
        PartialRows.Add(_audited, _two, [[None(3)], [Audited(4, [1], 5)]]).Select(Line).Should().Equal("4 | 1 | 4 | 8");
        PartialRows.Add(_audited, _two, [[None(3)], [None(5)]]).Select(Line).Should().Equal("null | null | null | 8");
    }

    [Fact]
    public void Add_runWithoutCells_isNoGroup()
    {
        var plan = _plan with { Aggregates = [new PlanAggregate(AggregateFunction.CountRows, null)], History = _audited.History };
        ImmutableArray<CellValue> none = [CellValue.Null.Instance, .. None(3)];
        ImmutableArray<CellValue> south = [new CellValue.Text("south"), .. Audited(4, [1], 5)];

        PartialRows.Add(plan, _two, [[none], [south]]).Select(Line).Should().Equal("south | 4 | 1 | 4 | 8");
    }

    [Fact]
    public void Add_noRows_isNone() => PartialRows.Add(_plan, _two, [[], []]).Should().BeEmpty();

    [Fact]
    public void Add_listOfPeople_saysHowManyAllRunsHaveSeen()
    {
        var plan = List();
        var rows = PartialRows.Add(plan, _two, [[Listed("x", 1, 6), Listed("y", 2, 6)], [Listed("z", 3, 7)]]);

        rows.Select(Line).Should().Equal("x | 1 | 13", "y | 2 | 13", "z | 3 | 13");
        PartialRows.Add(plan, _two, [[], [Listed("z", 3, 7)]]).Select(Line).Should().Equal("z | 3 | 7");
    }

    [Fact]
    public void Add_whatNoRunWouldGive_isRefused()
    {
        Refused(_plan, _two, [[Row("north", 3, 1, 2, 1), Row("north", 4, 1, 2, 1)], []], "*one twice*");
        Refused(_plan, _two, [[Row("north", 3, 1, 2, 1)[..4]], []], "*columns*");
        Refused(_plan, _two, [[Row("north", 3, 1, 2, 1).SetItem(1, new CellValue.Text("3"))], []], "*types*");
        Refused(_plan, _two, [[Row("north", 3, 1, 2, 1)], [Row("north", 3, 1, 2, 1).SetItem(2, new CellValue.Number(1, 1))]], "*one scale*");
        Refused(_audited, _two, [[Audited(1, [0], 3)], []], "*a run without*");
        Refused(_audited, _two, [[Audited(1, [0], 3), None(4)], [None(3)]], "*one number of units*");
        Refused(_audited, _two, [[Audited(1, [3], 3)], [None(3)]], "*within the run's numbering*");
        Refused(_audited, _whole, [[Audited(1, [2], 3)], [Audited(1, [2], 3)]], "*one in two*");
        Refused(_audited, _whole, [[None(3)], [None(4)]], "*same number of units*");
        Refused(_audited, _two, [[Audited(1, [0], HistoryLimits.MaxUnits)], [Audited(1, [0], 1)]], "*within the run's numbering*");
        Refused(List(), _two, [[Listed("x", 1, 6), Listed("y", 2, 7)], []], "*one number of units*");
        Refused(List(), _two, [[Listed("x", 1, -1)], []], "*one number of units*");

        var few = () => PartialRows.Add(_plan, _two, [[]]);
        few.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static void Refused(QueryPlan plan, PlanPartitions partitions, ImmutableArray<ImmutableArray<ImmutableArray<CellValue>>> partials, string words)
    {
        var add = () => PartialRows.Add(plan, partitions, partials);

        add.Should().Throw<ArgumentException>().WithMessage(words);
    }

    private static QueryPlan List() => _plan with
    {
        Tier = PolicyTier.List,
        Groups = [],
        Aggregates = [],
        Outputs = [new PlanOutput("region", new OutputExpression.Listed(new PlanColumn(0, "region", ColumnType.String, 0)))],
    };

    private static ImmutableArray<CellValue> Row(string? region, long count, long? cents, long units, long contributors) =>
        [region is null ? CellValue.Null.Instance : new CellValue.Text(region), CellValue.Of(count), Cents(cents), CellValue.Of(units), CellValue.Of(contributors)];

    private static ImmutableArray<CellValue> Audited(long count, uint[] people, long numbered) =>
        [CellValue.Of(count), CellValue.Of((long)people.Length), new CellValue.People(UnitSet.Of(people)), CellValue.Of(numbered)];

    private static ImmutableArray<CellValue> None(long numbered) => [CellValue.Null.Instance, CellValue.Null.Instance, CellValue.Null.Instance, CellValue.Of(numbered)];

    private static ImmutableArray<CellValue> Listed(string region, long unit, long units) => [new CellValue.Text(region), CellValue.Of(unit), CellValue.Of(units)];

    private static CellValue Cents(long? value) => value is { } cents ? new CellValue.Number(cents, 2) : CellValue.Null.Instance;

    private static string Line(ImmutableArray<CellValue> row) => string.Join(" | ", row.Select(value =>
        value is CellValue.People people ? string.Join(",", people.Numbers.ToArray()) : value.ToString()));
}
