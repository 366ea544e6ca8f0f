using CleanRoom.Storage;
using CleanRoom.Storage.Ledger;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CleanRoom.Node.Hosting;

/// <summary>Ready means that the ledger's store answers.</summary>
internal sealed class StoreHealthCheck(ILedgerStore ledger) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await ledger.ListCollaborationsAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (StorageException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Failure.ToString());
        }
    }
}
