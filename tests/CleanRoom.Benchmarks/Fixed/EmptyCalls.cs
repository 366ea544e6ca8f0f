using System.Diagnostics;
using CleanRoom.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Benchmarks.Fixed;

/// <summary>A silo in this process with a grain that does nothing: what the least work of Orleans costs.</summary>
internal sealed class EmptyCalls : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly INothingGrain _grain;

    private EmptyCalls(IHost host) => (_host, _grain) = (host, host.Services.GetRequiredService<IGrainFactory>().GetGrain<INothingGrain>(0));

    /// <summary>Starts it.</summary>
    public static async Task<EmptyCalls> StartAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort.Find(), FreePort.Find()));
        var host = builder.Build();
        await host.StartAsync();
        return new EmptyCalls(host);
    }

    /// <summary>Calls the grain once.</summary>
    public async Task<TimeSpan> CallAsync()
    {
        var began = Stopwatch.GetTimestamp();
        await _grain.DoAsync();
        return Stopwatch.GetElapsedTime(began);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
