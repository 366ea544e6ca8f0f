using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Storage;

namespace CleanRoom.Node.Rolls;

/// <summary>The configuration names another build, and this node cannot let it ask.</summary>
internal sealed class RollException(ImmutableArray<Refusal> refusals)
    : CleanRoomException(refusals[0].Code, $"wanted another build in cluster.roll that nodes of this one may hand rooms to; got {string.Join("; ", refusals)}", cause: null);
