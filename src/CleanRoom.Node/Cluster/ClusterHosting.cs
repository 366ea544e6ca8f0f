using CleanRoom.Grains.Hosting;
using CleanRoom.Node.Configuration;
using Orleans.Configuration;

namespace CleanRoom.Node.Cluster;

/// <summary>The two kinds of members of a cluster. Every connection of both is <see cref="Peers.PeerTransport"/>'s: there is no way to have one without.</summary>
internal static class ClusterHosting
{
    private const string ServiceId = "cleanroom";

    /// <summary>The driver's name, by which Orleans knows how to speak to it.</summary>
    private const string Driver = "Npgsql";

    // A silo that starts asks every other that was alive three of these ago whether it is: where all have died at once, it waits that long before it joins.
    private static readonly TimeSpan _saysAliveEvery = TimeSpan.FromSeconds(10);

    /// <summary>Adds a silo that other members can reach.</summary>
    public static void UseClusterSilo(this IHostApplicationBuilder builder, NodeClusterOptions options, ClusterParts parts) => builder.UseOrleans(silo =>
    {
        var address = options.FindAddress()!; // Options without one were refused.
        var ports = FreePorts.Find(address, options.SiloPort, options.GatewayPort);
        silo.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = (ServiceId, options.Id));
        silo.Configure<ClusterMembershipOptions>(members => members.IAmAliveTablePublishTimeout = _saysAliveEvery);
        silo.UseAdoNetClustering((AdoNetClusteringSiloOptions tables) => (tables.Invariant, tables.DataSource) = (Driver, parts.Members));
        silo.ConfigureEndpoints(address, ports[0], ports[1]);
        silo.UseTls(parts.Transport.Apply);
        silo.AddIncomingGrainCallFilter<SiloCallersOnly>();
    });

    /// <summary>Adds a client of the silos, which waits for the first of them as long as it takes.</summary>
    public static void UseClusterClient(this IHostApplicationBuilder builder, NodeClusterOptions options, ClusterParts parts) => builder.UseOrleansClient(client =>
    {
        client.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = (ServiceId, options.Id));
        client.UseAdoNetClustering((AdoNetClusteringClientOptions tables) => (tables.Invariant, tables.DataSource) = (Driver, parts.Members));
        client.UseTls(parts.Transport.Apply);
        client.UseConnectionRetryFilter<SiloWait>();
    });
}
