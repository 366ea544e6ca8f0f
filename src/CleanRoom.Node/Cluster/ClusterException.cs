using CleanRoom.Protocol;
using CleanRoom.Storage;

namespace CleanRoom.Node.Cluster;

/// <summary>A node did not become a member of its cluster.</summary>
internal sealed class ClusterException(Exception cause) : CleanRoomException(
    RefusalCode.Unavailable,
    $"wanted the address and ports of the configuration, and members that let this one in; got {cause.GetType().Name}",
    cause);
