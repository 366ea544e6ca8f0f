using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Client.Queries;

/// <summary>A decision on an earlier query that asked the same.</summary>
/// <param name="Query">That query.</param>
/// <param name="Decision">The decision.</param>
public sealed record EarlierDecision(QueryState Query, DecisionState Decision)
{
    /// <summary>Returns the decisions on other queries of the same template, or of the same SQL text, newest first.</summary>
    public static ImmutableArray<EarlierDecision> On(CollaborationState state, QueryState query)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(query);
        return
        [
            .. from other in state.Queries.Values
               where other.Digest != query.Digest && AsksTheSame(other.Query, query.Query)
               from decision in other.Decisions
               orderby decision.Sequence descending
               select new EarlierDecision(other, decision),
        ];
    }

    private static bool AsksTheSame(Query one, Query other) =>
        other.TemplateDigest is { } template ? one.TemplateDigest == template : one.TemplateDigest is null && one.Sql == other.Sql;
}
