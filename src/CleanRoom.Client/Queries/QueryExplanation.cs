using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Queries;

/// <summary>The room's verdict on a question that is not asked yet.</summary>
/// <param name="Verdict">About the asker's own text, contract and receivers: this client compared them.</param>
/// <param name="State">The codes that need the ledger.</param>
public sealed record QueryExplanation(Verdict Verdict, ImmutableArray<string> State);
