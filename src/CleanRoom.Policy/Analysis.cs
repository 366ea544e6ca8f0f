using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy;

/// <summary>What the rules say of a query.</summary>
/// <param name="Verdict">The verdict, the same offline and on the room.</param>
/// <param name="Plan">What would run; null when refused.</param>
public sealed record Analysis(Verdict Verdict, QueryPlan? Plan);
