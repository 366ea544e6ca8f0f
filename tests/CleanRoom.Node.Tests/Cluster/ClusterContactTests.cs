using CleanRoom.Engine.Memory;
using CleanRoom.Grains.Partitions;
using CleanRoom.Node.Cluster;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Node.Tests.Storage;
using CleanRoom.TestKit.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CleanRoom.Node.Tests.Cluster;

/// <summary>A silo whose database is killed knows no more what was taken back. Spec: contracts/spec/0010 s.6.1.</summary>
public sealed class ClusterContactTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silo_that_has_lost_its_cluster_zeroes_what_runs_left_of_every_room()
    {
        PostgresFixture.SkipWithoutServer();
        await using var server = await PostgresServer.StartAsync(Cancel);
        using var scene = new ClusterScene(server);
        await using var silo = await scene.StartAsync(NodeRole.Silo, Cancel);
        var kept = silo.Services.GetRequiredService<KeptColumns>();
        using var pool = new AnonymousFilePool(1 << 20);
        var (one, another) = (kept.Leave(pool, "room"), kept.Leave(pool, "another room"));
        var contact = silo.Services.GetServices<IHostedService>().OfType<ClusterContact>().Single();

        await contact.LookAsync(Cancel);
        one.IsZeroed().Should().BeFalse("its cluster is there");
        await server.KillAsync();
        for (var look = 0; look < 3; look++)
        {
            await contact.LookAsync(Cancel);
        }

        one.IsZeroed().Should().BeTrue();
        another.IsZeroed().Should().BeTrue();
        kept.Bytes.Should().Be(0);
        await server.StartAgainAsync(Cancel); // It says goodbye there.
    }
}
