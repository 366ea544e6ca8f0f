using System.Collections.Immutable;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;
using CsCheck;

namespace CleanRoom.Policy.Tests.Generation;

/// <summary>The SQL of the tier list over a real engine.</summary>
public sealed class ListedSqlGeneratorTests : IDisposable
{
    private const int K = 5;
    private const int Duplicates = 1_000;

    private readonly RandomTableEngine _engine = new();

    private static int Rounds => Tier.Cases(quick: 150, full: 1_500);

    [Theory]
    [InlineData(K - 1, 0)]
    [InlineData(K, K)]
    [InlineData(K + 1, K + 1)]
    public void Generate_overlap_countsPeopleNotRows(int people, int expected)
    {
        Load(people);
        for (var person = 1; person <= people; person++)
        {
            _engine.Multiply(0, $"p{person}", Duplicates);
        }

        var plan = ListPlans.Of(K, ListPlans.Id) with { MaxRows = 1_000_000 };
        var lines = _engine.Read(SqlGenerator.Generate(plan, RandomTableEngine.Options).Text, plan);
        lines.Should().HaveCount(expected * Duplicates);
        lines.Distinct().Should().HaveCount(expected).And.NotContain(line => !line.EndsWith($" | {people}", StringComparison.Ordinal));
    }

    [Fact]
    public void Generate_nobody_isNeitherCountedNorThere()
    {
        var ids = new[] { string.Empty, "0", new string('0', 64), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" };
        _engine.Load(Tables([.. ids, .. Ids(K - 1)], [.. ids, .. Ids(K - 1)]));
        Lines(ListPlans.Of(K, ListPlans.Number)).Should().BeEmpty("there are only K - 1 people");

        _engine.Load(Tables([.. ids, .. Ids(K)], [.. ids, .. Ids(K)]));
        Lines(ListPlans.Of(K, ListPlans.Id)).Should().Equal(Ids(K).Select(id => $"{id} | {id} | {K}"));
    }

    [Fact]
    public void Generate_limit_givesTheFirstRowsAndAllPeople()
    {
        Load(9);
        var plan = ListPlans.Of(K, ListPlans.Number) with { Order = [new OutputOrder(0, Descending: true, NullsFirst: true)], Limit = 2 };

        Lines(plan).Should().Equal("8 | p8 | 9", "9 | p9 | 9");
    }

    [Fact]
    public void Generate_filter_holdsBesideTheConditionsOnPeople()
    {
        Load(9);
        var filter = new PlanFilter.Or(
        [
            new PlanFilter.Compare(ListPlans.Number, Comparison.Less, new Literal(ColumnType.Int64, "4")),
            new PlanFilter.Compare(ListPlans.Number, Comparison.Greater, new Literal(ColumnType.Int64, "7")),
        ]);

        Lines(ListPlans.Of(K, ListPlans.Number) with { Filter = filter }).Should().HaveCount(5).And.NotContain("4 | p4 | 5");
        Lines(ListPlans.Of(K + 1, ListPlans.Number) with { Filter = filter }).Should().BeEmpty();
    }

    /// <summary>Whatever the types and values: what the SQL picks is what the gate would have picked of all rows.</summary>
    [Fact]
    public void Generate_firstRows_areThoseOfTheGate() => Gen.Select(
        RandomTable.Rows, RandomTable.Rows, Gen.Int[0, RandomTable.Columns.Length - 1].Array[1, 4], Gen.Bool, Gen.Bool, Gen.Int[1, 6]).Sample(
        (mine, theirs, columns, descending, nullsFirst, limit) =>
        {
            _engine.Load([mine, [], [], [], theirs]);
            var all = ListPlans.Of(1, [.. columns.Select(column => RandomTable.Columns[column] with { Table = 0 })]) with
            {
                Order = [new OutputOrder(0, descending, nullsFirst)],
            };
            var everything = _engine.ReadCells(SqlGenerator.Generate(all, RandomTableEngine.Options).Text, all);
            var limited = all with { Limit = limit };
            var first = _engine.ReadCells(SqlGenerator.Generate(limited, RandomTableEngine.Options).Text, limited);

            Text(ListGate.Apply(limited, first)).Should().Be(Text(ListGate.Apply(limited, everything)));
            first.Count.Should().Be(Math.Min(limit, everything.Count));
        },
        iter: Rounds,
        threads: 1);

    [Fact]
    public void Columns_ofAPlan_areThoseThatTheSqlReads()
    {
        var columns = PlanColumns.Of(ListPlans.Of(K, ListPlans.Number));

        columns["x.a"].Should().Equal("id", "n");
        columns["z.own"].Should().Equal("id");
    }

    public void Dispose() => _engine.Dispose();

    private static string Text(ReleasedList list) =>
        string.Join("; ", list.Table.Rows.Select(row => string.Join(",", row))) + " | " + string.Join(",", list.Units.Single().Ids.Order(StringComparer.Ordinal));

    private static IEnumerable<string> Ids(int people) => Enumerable.Range(1, people).Select(person => $"p{person}");

    private void Load(int people) => _engine.Load(Tables([.. Ids(people), "mine alone"], [.. Ids(people), "theirs alone"]));

    private static ImmutableArray<CellValue>[][] Tables(string[] theirs, string[] own) =>
        [Rows(theirs), [], [], [], Rows(own)];

    private static ImmutableArray<CellValue>[] Rows(string[] ids) =>
        [.. ids.Select((id, index) => RandomTableEngine.Row(RandomTable.Columns, ("id", new CellValue.Text(id)), ("n", CellValue.Of(index + 1L))))];

    private List<string> Lines(QueryPlan plan) => _engine.Read(SqlGenerator.Generate(plan, RandomTableEngine.Options).Text, plan);
}
