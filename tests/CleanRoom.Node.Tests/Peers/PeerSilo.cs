using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Grains.Keys;
using CleanRoom.Node.Peers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Node.Tests.Peers;

/// <summary>A silo of Orleans alone, whose connections are <see cref="PeerTransport"/>'s, in this process and on a port of loopback.</summary>
internal sealed class PeerSilo : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly PeerTransport _transport;
    private readonly Journal _journal;

    private PeerSilo(IHost host, PeerTransport transport, Journal journal, int port) => (_host, _transport, _journal, Port) = (host, transport, journal, port);

    public int Port { get; }

    /// <summary>Gets the lines that the transport has written.</summary>
    public IReadOnlyCollection<string> Lines => _journal.Lines;

    /// <summary>Waits for a line of the transport.</summary>
    public Task<string> LineAsync(CancellationToken cancellationToken) => _journal.First.Task.WaitAsync(PeerIntruder.Patience, cancellationToken);

    /// <summary>Makes the keys of a node of a machine.</summary>
    public static Task<NodeIdentity> IdentityAsync(InsecureSimulatedMachine machine) =>
        NodeIdentity.CreateAsync(new BclCryptoBackend(), new InsecureSimulatedAttester(machine), "test", CancellationToken.None);

    /// <summary>Starts a silo; with the port of another it joins it, or throws.</summary>
    public static async Task<PeerSilo> StartAsync(InsecureSimulatedMachine machine, int? joins, CancellationToken cancellationToken)
    {
        var journal = new Journal();
        var transport = await PeerTransport.CreateAsync(await IdentityAsync(machine), [new InsecureSimulatedVerifier()], TimeProvider.System, journal, cancellationToken);
        var port = FreePort();
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
            throw;
        }

        return new PeerSilo(host, transport, journal, port);
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
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private sealed class Journal : ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public TaskCompletionSource<string> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = $"{eventId.Id} {formatter(state, exception)}";
            Lines.Enqueue(line);
            First.TrySetResult(line);
        }
    }
}
