using System.Net;
using CleanRoom.Grains.Hosting;
using CleanRoom.Node.Cluster;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace CleanRoom.Node.Hosting;

/// <summary>A silo of its own, in this process, that nobody can join and no client can enter.</summary>
/// <remarks>
/// The silo opens a port on loopback because Orleans always does; every connection to it is closed before a byte is read, so that no other
/// process of the machine can speak to a grain. A member of a cluster is <see cref="ClusterHosting"/>.
/// </remarks>
internal static class EmbeddedSilo
{
    public static void UseEmbeddedSilo(this WebApplicationBuilder builder) => builder.Host.UseOrleans(silo =>
    {
        silo.UseLocalhostClustering(siloPort: FreePorts.Find(IPAddress.Loopback, 0)[0], gatewayPort: 0, serviceId: "cleanroom", clusterId: "embedded");
        silo.Configure<SiloConnectionOptions>(options => options.ConfigureSiloInboundConnection(connection => connection.Use(_ => CloseAsync)));
        silo.AddIncomingGrainCallFilter<SiloCallersOnly>();
    });

    private static Task CloseAsync(ConnectionContext connection)
    {
        connection.Abort(new ConnectionAbortedException("an embedded node has no peers"));
        return Task.CompletedTask;
    }
}
