using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace CleanRoom.Grains.Hosting;

/// <summary>A grain whose key is a silo's address lives on that silo, or nowhere.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnSiloAttribute() : PlacementAttribute(new OnSilo());

/// <summary>Marks grains whose key is a silo's address.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.on-silo")]
public sealed class OnSilo : PlacementStrategy;

/// <summary>Places a grain on the silo that its key names. One that has left is not replaced: what it held is gone.</summary>
public sealed class OnSiloDirector : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var wanted = target.GrainIdentity.Key.ToString();
        return Array.Find(context.GetCompatibleSilos(target), silo => silo.ToParsableString() == wanted) is { } silo
            ? Task.FromResult(silo)
            : throw new SiloUnavailableException($"wanted silo {wanted}; got a cluster without it");
    }
}
