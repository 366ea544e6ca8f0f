using CleanRoom.Grains.Hosting;

namespace CleanRoom.Node.Cluster;

/// <summary>Has a gateway answer <c>unavailable</c> as long as it knows of no silo, and so of no grain that it could ask.</summary>
/// <remarks>Before it has found the first it answers too: health says so, and a client that asks is told to wait rather than that something broke.</remarks>
internal sealed class SilosKnownMiddleware(RequestDelegate next, IGrainFactory grains, IHostApplicationLifetime lifetime)
{
    public Task InvokeAsync(HttpContext context) => AreKnown() ? next(context) : throw new SiloUnavailableException("wanted a silo; got a gateway that knows of none");

    private bool AreKnown()
    {
        if (!lifetime.ApplicationStarted.IsCancellationRequested)
        {
            return false;
        }

        try
        {
            _ = grains.GetGrain<ISiloGrain>(Guid.Empty);
            return true;
        }
        catch (ArgumentException)
        {
            return false; // What grains there are, silos tell; the last of them has left.
        }
    }
}
