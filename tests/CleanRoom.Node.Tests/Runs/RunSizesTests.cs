using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Queries;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Policy.Partitions;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>Into how many runs a question comes apart, and where they run. Spec: contracts/spec/0008 s.14.</summary>
public sealed class RunSizesTests
{
    private const int Partitions = 64;
    private const long Gibibyte = 1L << 30;

    // A number of a person, int64 in the contract.
    private const long WidthOfRow = sizeof(long);

    private static readonly QueryPlan _plan = new()
    {
        Tier = PolicyTier.Threshold,
        Tables = [new PlanTable(Scene.People, "registry", new PlanUnit("id", ColumnType.Int64, "person-v1"), 10)],
        Joins = [],
        Filter = null,
        Groups = [],
        Aggregates = [new PlanAggregate(AggregateFunction.CountRows, null)],
        Outputs = [new PlanOutput("n", new OutputExpression.Aggregate(0, CellType.Count))],
        Having = null,
        Order = [],
        Limit = null,
        MaxRows = 10,
        DominancePercent = null,
    };

    [Theory]
    [InlineData(1_000, 1, 1)]
    [InlineData(1_000, 8, 1)]
    [InlineData((64L << 20) / WidthOfRow, 1, 1)]
    [InlineData((64L << 20) / WidthOfRow, 2, 2)]
    [InlineData((64L << 20) / WidthOfRow, 3, 2)]
    [InlineData(Gibibyte / WidthOfRow, 1, 1)]
    [InlineData((Gibibyte / WidthOfRow) + 1, 1, 2)]
    [InlineData(5 * Gibibyte / WidthOfRow, 1, 8)]
    [InlineData(5 * Gibibyte / WidthOfRow, 16, 16)]
    [InlineData(500 * Gibibyte / WidthOfRow, 1, Partitions)]
    public void Wanted_is_as_many_as_memory_and_silos_ask_for(long rows, int silos, int runs) =>
        new RunSizes(Gibibyte, silos).Wanted(Most(), _plan, TestContracts.First, [Ingest(rows, long.MaxValue / Partitions)]).Should().Be(runs);

    [Fact]
    public void Wanted_counts_no_more_than_is_stored() =>
        new RunSizes(Gibibyte, Silos: 1).Wanted(Most(), _plan, TestContracts.First, [Ingest(5 * Gibibyte, Gibibyte / Partitions)]).Should().Be(1);

    [Theory]
    [InlineData(2, 2)]
    [InlineData(4, 3)]
    [InlineData(8, 8)]
    [InlineData(64, 5)]
    public void Runs_are_on_as_many_silos_as_there_are_neighbours_together(int runs, int silos)
    {
        var room = Digest.Of("room"u8).ToString();
        var places = Enumerable.Range(0, runs).Select(run => SpreadOverSilosDirector.Place(room, run * (DatasetPartitions.Most / runs), silos)).ToList();

        places.Distinct().Should().HaveCount(Math.Min(runs, silos));
        places.Zip(places.Skip(1)).Count(pair => pair.First != pair.Second).Should().Be(Math.Min(runs, silos) - 1);
        places.CountBy(place => place).Max(place => place.Value).Should().Be((runs + silos - 1) / silos);
    }

    [Fact]
    public void Rooms_of_one_run_each_are_on_all_silos() =>
        Enumerable.Range(0, 100).Select(room => SpreadOverSilosDirector.Place(Digest.Of([(byte)room]).ToString(), 0, 3)).Distinct().Should().HaveCount(3);

    private static PlanPartitions Most() => PlanPartitions.Of(_plan, new Dictionary<string, int> { [Scene.People] = Partitions })!;

    private static IngestStatement Ingest(long rows, long bytesOfPartition) => new()
    {
        Collaboration = "room",
        Dataset = Scene.People,
        ManifestDigest = Digest.Of("manifest"u8),
        Derived = [.. Enumerable.Range(0, Partitions).Select(partition => new DerivedObject { Partition = partition, Name = $"{partition:x32}", PlaintextBytes = bytesOfPartition, Digest = Digest.Of("derived"u8) })],
        Accepted = true,
        Rows = rows,
        MaxRowsPerUnit = 1,
        ReportCommitment = Digest.Of("report"u8),
    };
}
