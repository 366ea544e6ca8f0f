namespace CleanRoom.Grains.Hosting;

/// <summary>Refuses calls to <see cref="IInternalGrain"/> interfaces that come from an Orleans client, such as a gateway.</summary>
/// <remarks>The caller's id is set by the silo that received the message, not by the caller. Gateways may only ask what members may ask.</remarks>
public sealed class SiloCallersOnly : IIncomingGrainCallFilter
{
    /// <inheritdoc/>
    public Task Invoke(IIncomingGrainCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var isInternal = typeof(IInternalGrain).IsAssignableFrom(context.InterfaceMethod.DeclaringType);
        return isInternal && context.SourceId?.IsClient() != false
            ? throw new SilosOnlyException(context.InterfaceName)
            : context.Invoke();
    }
}
