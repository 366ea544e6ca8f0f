using CleanRoom.Protocol;
using CleanRoom.Storage;

namespace CleanRoom.Grains.Hosting;

/// <summary>A client called what only silos may call.</summary>
public sealed class SilosOnlyException(string interfaceName)
    : CleanRoomException(RefusalCode.NotPermitted, $"wanted a silo to call {interfaceName}; got a client", cause: null)
{
    /// <summary>Gets the interface that was called.</summary>
    public string InterfaceName { get; } = interfaceName;
}
