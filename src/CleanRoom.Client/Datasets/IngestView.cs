using CleanRoom.Datasets.Check;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Datasets;

/// <summary>How far a dataset version is on its way in.</summary>
/// <param name="State"><c>waiting</c>, <c>running</c>, <c>accepted</c> or <c>refused</c>. Progress: what counts is <paramref name="Statement"/>.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="Statement">The node's statement in the verified ledger; null until there is one.</param>
/// <param name="Report">The report, opened and checked against the statement; null until there is one.</param>
/// <param name="Obstacle">Why the guest cannot take it in at present, such as a part that the store changed; null while nothing stands in the way.</param>
public sealed record IngestView(string State, int Percent, IngestStatement? Statement, IngestReport? Report, Refusal? Obstacle);
