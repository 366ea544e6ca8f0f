using System.Net.Sockets;
using CleanRoom.Grains.Keys;
using CleanRoom.Node.Cluster;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Peers;
using CleanRoom.Node.Telemetry;
using CleanRoom.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CleanRoom.Node.Hosting;

/// <summary>A node: silo, engine and HTTP API in one process over the stores that <see cref="NodeStores"/> opens.</summary>
/// <remarks>Dispose it to stop. Nothing that it holds in memory needs to be written when it stops: a kill is as good as a stop.</remarks>
public sealed class NodeApplication : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ClusterParts? _cluster;
    private readonly ILoggerFactory _log;

    private NodeApplication(WebApplication app, ClusterParts? cluster, ILoggerFactory log) => (_app, _cluster, _log) = (app, cluster, log);

    /// <summary>Gets the address at which the API is served.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Gets the host's services, for tests.</summary>
    internal IServiceProvider Services => _app.Services;

    /// <summary>Builds and starts a node with all of its roles.</summary>
    /// <inheritdoc cref="StartAsync(NodeOptions, NodeRole, NodeTrust, CancellationToken)"/>
    public static Task<NodeApplication> StartAsync(NodeOptions options, NodeTrust trust, CancellationToken cancellationToken) =>
        StartAsync(options, NodeRole.All, trust, cancellationToken);

    /// <summary>Builds and starts a node.</summary>
    /// <param name="options">Checked by <see cref="NodeOptionsFile.Check"/> and <see cref="NodeOptionsFile.CheckRole"/>.</param>
    /// <param name="role">What of it runs here.</param>
    /// <param name="trust">What the machine gives.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="StorageException">The ledger, the objects or the cluster's tables cannot be opened.</exception>
    /// <exception cref="CleanRoomException">The node's own evidence cannot be verified here, or the cluster did not let it in.</exception>
    public static async Task<NodeApplication> StartAsync(NodeOptions options, NodeRole role, NodeTrust trust, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(trust);
        var backend = new Cryptography.Bcl.BclCryptoBackend();
        var objects = await NodeStores.OpenObjectsAsync(options, cancellationToken);
        var ledger = role is NodeRole.Gateway ? null : await NodeStores.OpenLedgerAsync(options, cancellationToken);
        var identity = await NodeIdentity.CreateAsync(backend, trust.Attester, trust.Build, cancellationToken);
        var log = LoggerFactory.Create(logging => logging.AddCleanRoomLog(options.LogLevel));
        var cluster = options.Cluster is null ? null : await ClusterParts.OpenAsync(options, identity, trust, log.CreateLogger<PeerTransport>(), cancellationToken);

        // The content root is where the program lies: a node serves no file of the directory that it happens to start in.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, Args = [] });
        builder.WebHost.UseUrls(options.Listen);
        builder.AddCleanRoomNode(options, role, new NodeParts(backend, ledger, objects, identity, trust, cluster));
        var node = new NodeApplication(builder.Build(), cluster, log);
        node._app.UseCleanRoomNode(role);
        try
        {
            await node._app.StartAsync(cancellationToken);
            return node;
        }
        catch (Exception exception)
        {
            await node.ReleaseAsync();
            cancellationToken.ThrowIfCancellationRequested();
            if (cluster is not null && exception is OrleansException or SocketException)
            {
                throw new ClusterException(exception);
            }

            throw;
        }
    }

    /// <summary>Waits until the process is asked to end.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await ReleaseAsync();
    }

    private async ValueTask ReleaseAsync()
    {
        await _app.DisposeAsync();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        _log.Dispose();
    }
}
