using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Storage;

namespace CleanRoom.Node.Peers;

/// <summary>A node's own evidence cannot be verified by itself, so it could judge no peer.</summary>
internal sealed class PeerEvidenceException(ImmutableArray<Refusal> refusals)
    : CleanRoomException(refusals[0].Code, $"wanted evidence of this node that it can verify itself; got {string.Join("; ", refusals)}", cause: null);
