using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Fold;

/// <summary>A set of recovery shares and the row that holds it.</summary>
public sealed record RecoverySetState(RecoveryShareSet Shares, long Sequence);

/// <summary>One restoration of the room.</summary>
/// <param name="Sequence">The row.</param>
/// <param name="Node">The key id of the node that has restored it.</param>
/// <param name="Statements">What the members signed, by collaborator.</param>
public sealed record RecoveryState(long Sequence, Digest Node, ImmutableArray<RecoveryStatement> Statements);
