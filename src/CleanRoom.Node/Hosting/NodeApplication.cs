using CleanRoom.Grains.Keys;
using CleanRoom.Node.Configuration;
using CleanRoom.Storage;
using CleanRoom.Storage.Ledger;
using CleanRoom.Storage.Ledger.Postgres;
using CleanRoom.Storage.Ledger.Sqlite;
using CleanRoom.Storage.Objects;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CleanRoom.Node.Hosting;

/// <summary>A node: silo, engine and HTTP API in one process over a ledger in SQLite or PostgreSQL and a directory of sealed objects.</summary>
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
        var objects = DirectoryObjectStore.Open(
            new DirectoryObjectStoreOptions { Path = Path.Combine(options.DataDirectory, "objects") }, TimeProvider.System);
        var ledger = await OpenLedgerAsync(options, cancellationToken);
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

    private static async Task<ILedgerStore> OpenLedgerAsync(NodeOptions options, CancellationToken cancellationToken)
    {
        if (options.Postgres is not { } postgres)
        {
            return await SqliteLedgerStore.OpenAsync(new SqliteLedgerOptions { Path = Path.Combine(options.DataDirectory, "ledger.db") }, cancellationToken);
        }

        try
        {
            var text = await File.ReadAllTextAsync(postgres.ConnectionFile, cancellationToken);
            return await PostgresLedgerStore.OpenAsync(
                new PostgresLedgerOptions { ConnectionString = text.Trim(), Schema = postgres.Schema }, cancellationToken);
        }
        catch (ArgumentException exception)
        {
            throw new StorageException(StorageFailure.Failed, $"wanted a connection string in {postgres.ConnectionFile}; got a line that is none", exception);
        }
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
