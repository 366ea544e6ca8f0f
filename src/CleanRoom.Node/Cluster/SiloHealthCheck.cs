using CleanRoom.Grains.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CleanRoom.Node.Cluster;

/// <summary>Ready means that a silo answers this gateway.</summary>
internal sealed class SiloHealthCheck(IGrainFactory grains, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await grains.GetGrain<ISiloGrain>(Guid.Empty).AnswerAsync().WaitAsync(_patience, time, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or InvalidOperationException or ArgumentException)
        {
            return HealthCheckResult.Unhealthy("no silo answers");
        }
    }
}
