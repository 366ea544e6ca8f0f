using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CleanRoom.Node.Portal;

/// <summary>Serves the portal's files, and nothing else, on the collaborator's own machine. Dispose it to stop.</summary>
public sealed class PortalApplication : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PortalApplication(WebApplication app) => _app = app;

    /// <summary>Gets the address of the page.</summary>
    public Uri Address => new(new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), "/portal/");

    /// <summary>Starts serving on loopback alone.</summary>
    /// <param name="files">What is served.</param>
    /// <param name="port">0 takes a free one.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<PortalApplication> StartAsync(PortalFiles files, int port, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, Args = [] });
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapPortal(files, PortalPolicy.AnyRoom);
        app.MapGet("/", () => TypedResults.Redirect("/portal/"));
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new PortalApplication(app);
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
