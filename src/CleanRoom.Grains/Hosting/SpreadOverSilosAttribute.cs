using System.Globalization;
using CleanRoom.Protocol.Contracts;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace CleanRoom.Grains.Hosting;

/// <summary>The partitions of a room live on all silos, neighbours together; what is kept in clear of a partition is where its next run comes.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SpreadOverSilosAttribute() : PlacementAttribute(new SpreadOverSilos());

/// <summary>Marks grains of partitions: <see cref="GrainKeys.OfPartition"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.spread-over-silos")]
public sealed class SpreadOverSilos : PlacementStrategy;

/// <summary>Places partitions by their numbers: of two silos, one has the first half and the other the second, and which one is another for each room.</summary>
/// <remarks>A grain that is somewhere stays there. So any two runs of as many parts find the same silos, and a run of twice as many finds half of what it reads in clear.</remarks>
public sealed class SpreadOverSilosDirector : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var silos = context.GetCompatibleSilos(target);
        Array.Sort(silos);
        var key = target.GrainIdentity.Key.ToString()!;
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return Task.FromResult(silos[Place(key[..slash], int.Parse(key.AsSpan(slash + 1), CultureInfo.InvariantCulture), silos.Length)]);
    }

    /// <summary>Returns which of the silos has a partition.</summary>
    /// <param name="collaboration">The room: a digest in hex.</param>
    /// <param name="partition">0 to <see cref="DatasetPartitions.Most"/> - 1.</param>
    /// <param name="silos">How many there are.</param>
    internal static int Place(string collaboration, int partition, int silos)
    {
        var first = int.Parse(collaboration.AsSpan(0, 7), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return (first + (partition * silos / DatasetPartitions.Most)) % silos;
    }
}
