using CleanRoom.Policy.Partitions;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Policy.Tests.Partitions;

/// <summary>What is said of the cost of a run. Spec: contracts/spec/0008 s.16.</summary>
public sealed class QueryCostTests
{
    private const string People = "registry.people";
    private static readonly PlanTable _people = new(People, "registry", new PlanUnit("id", ColumnType.Int64, "person-v1"), 10);

    [Fact]
    public void Of_oneTable_isItsRowsAndTheWidthsOfItsColumns()
    {
        var cost = QueryCost.Of(CountingPlan.Of([_people]), TestContracts.First, [Ingest(1_000_000, partitions: 4, bytesOfPartition: 1 << 30)]);

        (cost.Rows, cost.Bytes, cost.Partitions).Should().Be((1_000_000, 8_000_000, 4));
        cost.Time.Should().Be(TimeSpan.FromMicroseconds(50_000 + 5_600 + 9_000));
    }

    [Fact]
    public void Of_whatIsStoredInLess_countsThat() =>
        QueryCost.Of(CountingPlan.Of([_people]), TestContracts.First, [Ingest(1_000_000, partitions: 2, bytesOfPartition: 1_000)]).Bytes.Should().Be(2_000);

    [Fact]
    public void Of_aTableThatIsNamedTwice_countsItsRowsTwiceAndItsBytesOnce()
    {
        var join = new PlanJoin(new PlanColumn(0, "id", ColumnType.Int64, 0), new PlanColumn(1, "id", ColumnType.Int64, 0));
        var cost = QueryCost.Of(CountingPlan.Of([_people, _people], join), TestContracts.First, [Ingest(1_000_000, partitions: 1, bytesOfPartition: 1 << 30)]);

        (cost.Rows, cost.Bytes, cost.Partitions).Should().Be((2_000_000, 8_000_000, 1));
        cost.Time.Should().Be(TimeSpan.FromMicroseconds(50_000 + 5_600 + 84_000));
    }

    private static IngestStatement Ingest(long rows, int partitions, long bytesOfPartition) => new()
    {
        Collaboration = "room",
        Dataset = People,
        ManifestDigest = Digest.Of("manifest"u8),
        Derived = [.. Enumerable.Range(0, partitions).Select(partition => new DerivedObject { Partition = partition, Name = $"{partition:x32}", PlaintextBytes = bytesOfPartition, Digest = Digest.Of("derived"u8) })],
        Accepted = true,
        Rows = rows,
        MaxRowsPerUnit = 1,
        ReportCommitment = Digest.Of("report"u8),
    };
}
