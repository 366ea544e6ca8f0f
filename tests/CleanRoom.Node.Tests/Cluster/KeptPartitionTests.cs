using System.Diagnostics.Metrics;
using CleanRoom.Grains.Partitions;
using CleanRoom.Grains.Telemetry;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Hosting;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Node.Tests.Runs;
using CleanRoom.Node.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace CleanRoom.Node.Tests.Cluster;

/// <summary>A partition's next run goes to the silo where its columns are in clear: decision 0032.</summary>
public sealed class KeptPartitionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Sql = "SELECT count(DISTINCT r.id) AS people FROM registry.people r JOIN laboratory.tests t ON r.id = t.id WHERE r.status = 1";
    private const int Partitions = 4;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Next_run_of_each_partition_goes_to_the_silo_where_its_columns_are_in_clear()
    {
        using var scene = new ClusterScene(postgres.Required) { Ingest = new() { PartitionBytes = 2_000 }, Limits = new() { RunBytes = 1 } };
        await using var one = await scene.StartAsync(NodeRole.All, Cancel, "one");
        await using var two = await scene.StartAsync(NodeRole.Silo, Cancel, "two");
        using var room = await ClusterRoom.AgreeAsync(one.Address, HistoryScene.Contract);
        await room.UploadAsync(Scene.People, HistoryScene.PeopleCsv);
        await room.UploadAsync(Scene.Tests, Scene.TestsCsv);
        var (query, first) = await room.AskAsync(Sql, runs: 2);
        var keeps = (KeptBy(one) > 0, KeptBy(two) > 0);
        keeps.Should().NotBe((false, false));
        var derived = new[] { Scene.People, Scene.Tests }.SelectMany(name => room.State.CurrentDataset(name)!.Ingest!.Derived).ToList();
        derived.Should().HaveCount(2 * Partitions);

        // Whoever has to decrypt a partition again finds nothing that opens.
        foreach (var partition in derived)
        {
            var file = Directory.EnumerateFiles(scene.Objects, partition.Name, SearchOption.AllDirectories).Single();
            await File.WriteAllBytesAsync(file, new byte[1_000], Cancel);
        }

        using var reads = new ColumnReads();
        var second = await room.AskAgainAsync(query, run: 2);

        second.Should().Equal(first);
        (KeptBy(one) > 0, KeptBy(two) > 0).Should().Be(keeps, "each partition ran where it had run before; its columns are being arranged now, and take other bytes");
        reads.Kept.Should().BeGreaterThanOrEqualTo(derived.Count, "the operator sees so, too; other tests are heard as well");
    }

    private static long KeptBy(NodeApplication silo) => silo.Services.GetRequiredService<KeptColumns>().Bytes;

    /// <summary>What silos of this process count for their operators.</summary>
    private sealed class ColumnReads : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _kept;

        public ColumnReads()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == RoomMetrics.MeterName && instrument.Name == "cleanroom.columns")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            {
                if ((string)tags[0].Value! == "kept")
                {
                    Interlocked.Add(ref _kept, value);
                }
            });
            _listener.Start();
        }

        public long Kept => Interlocked.Read(ref _kept);

        public void Dispose() => _listener.Dispose();
    }
}
