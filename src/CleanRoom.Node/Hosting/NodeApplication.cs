using CleanRoom.Grains.Keys;
using CleanRoom.Node.Configuration;
using CleanRoom.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CleanRoom.Node.Hosting;

/// <summary>A node: silo, engine and HTTP API in one process over the stores that <see cref="NodeStores"/> opens.</summary>
/// <remarks>Dispose it to stop. Nothing that it holds in memory needs to be written when it stops: a kill is as good as a stop.</remarks>
public sealed class NodeApplication : IAsyncDisposable
{
    private readonly WebApplication _app;

    private NodeApplication(WebApplication app) => _app = app;

    /// <summary>Gets the address at which the API is served.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Gets the host's services, for tests.</summary>
    internal IServiceProvider Services => _app.Services;

    /// <summary>Builds and starts a node.</summary>
    /// <param name="options">Checked by <see cref="NodeOptionsFile.Check"/>.</param>
    /// <param name="trust">What the machine gives.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="StorageException">The ledger or the objects cannot be opened.</exception>
    public static async Task<NodeApplication> StartAsync(NodeOptions options, NodeTrust trust, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(trust);
        var backend = new Cryptography.Bcl.BclCryptoBackend();
        var objects = await NodeStores.OpenObjectsAsync(options, cancellationToken);
        var ledger = await NodeStores.OpenLedgerAsync(options, cancellationToken);
        var identity = await NodeIdentity.CreateAsync(backend, trust.Attester, trust.Build, cancellationToken);

        // The content root is where the program lies: a node serves no file of the directory that it happens to start in.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, Args = [] });
        builder.WebHost.UseUrls(options.Listen);
        builder.AddCleanRoomNode(options, new NodeParts(backend, ledger, objects, identity, trust));
        var app = builder.Build();
        app.UseCleanRoomNode();
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new NodeApplication(app);
    }

    /// <summary>Waits until the process is asked to end.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
