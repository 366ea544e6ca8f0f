using System.Net;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Grains.Keys;
using CleanRoom.Node.Peers;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Node.Tests.Peers;

/// <summary>A silo of Orleans alone, whose connections are <see cref="PeerTransport"/>'s, in this process and on a port of loopback.</summary>
internal sealed class PeerSilo : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly PeerTransport _transport;
    private readonly NodeIdentity _identity;
    private readonly WrittenLines<PeerTransport> _lines;

    private PeerSilo(IHost host, PeerTransport transport, NodeIdentity identity, WrittenLines<PeerTransport> lines, int port) =>
        (_host, _transport, _identity, _lines, Port) = (host, transport, identity, lines, port);

    public int Port { get; }

    /// <summary>Gets the lines that the transport has written.</summary>
    public IReadOnlyCollection<(int Id, LogLevel Level, string Text)> Lines => _lines.Written;

    /// <summary>Waits for a line of the transport.</summary>
    public async Task<string> LineAsync(CancellationToken cancellationToken)
    {
        var (id, _, text) = await _lines.First.WaitAsync(PeerIntruder.Patience, cancellationToken);
        return $"{id} {text}";
    }

    /// <summary>Makes the keys of a node of a machine.</summary>
    public static Task<NodeIdentity> IdentityAsync(InsecureSimulatedMachine machine) =>
        NodeIdentity.CreateAsync(new BclCryptoBackend(), new InsecureSimulatedAttester(machine), "test", CancellationToken.None);

    /// <summary>Starts a silo; with the port of another it joins it, or throws.</summary>
    public static async Task<PeerSilo> StartAsync(InsecureSimulatedMachine machine, int? joins, CancellationToken cancellationToken)
    {
        var lines = new WrittenLines<PeerTransport>();
        var identity = await IdentityAsync(machine);
        var transport = await PeerTransport.CreateAsync(identity, [new InsecureSimulatedVerifier()], TimeProvider.System, lines, cancellationToken);
        var port = FreePort.Find();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            var primary = joins is { } first ? new IPEndPoint(IPAddress.Loopback, first) : null;
            silo.UseLocalhostClustering(port, gatewayPort: 0, primary, serviceId: "peers", clusterId: "peers");
            silo.UseTls(transport.Apply);
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch
        {
            host.Dispose();
            await transport.DisposeAsync();
            identity.Dispose();
            throw;
        }

        return new PeerSilo(host, transport, identity, lines, port);
    }

    /// <summary>Returns the ports of the members that this silo takes for alive.</summary>
    public async Task<IEnumerable<int>> MembersAsync()
    {
        var management = _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        return (await management.GetHosts(onlyActive: true)).Keys.Select(silo => silo.Endpoint.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await _transport.DisposeAsync();
        _identity.Dispose();
    }
}
