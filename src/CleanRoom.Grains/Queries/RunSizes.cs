using System.Numerics;
using CleanRoom.Grains.Partitions;
using CleanRoom.Policy.Partitions;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Grains.Queries;

/// <summary>Into how many runs a plan comes apart: as few as memory and silos ask for. Each run starts an engine and reads anew what all runs read.</summary>
/// <param name="MostBytes">What one run may read of the datasets that come apart: <see cref="RunLimits.RunBytes"/>.</param>
/// <param name="Silos">How many silos there are.</param>
internal sealed record RunSizes(long MostBytes, int Silos)
{
    // Below it another silo's engine costs more than it saves.
    private const long WorthASilo = 32 << 20;

    /// <summary>Returns how many runs are wanted, from 1: a power of two.</summary>
    public int Wanted(PlanPartitions partitions, QueryPlan plan, Contract contract, IReadOnlyCollection<IngestStatement> ingests)
    {
        var bytes = StoredSize.Of(plan, contract, ingests).Where(dataset => partitions.Split.ContainsKey(dataset.Key)).Sum(dataset => dataset.Value);
        var forMemory = (bytes / MostBytes) + (bytes % MostBytes == 0 ? 0 : 1);
        var forSilos = Math.Min(Silos, bytes / WorthASilo);
        return (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Math.Max(forMemory, forSilos), 1, partitions.Runs));
    }
}
