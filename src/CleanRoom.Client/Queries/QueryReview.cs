using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Client.Queries;

/// <summary>A query and the verdict on it, both out of the verified ledger. Only <see cref="RoomQueries"/> makes one.</summary>
/// <remarks>A decision is signed over this and nothing else, so nobody approves a verdict that the ledger does not hold.</remarks>
public sealed class QueryReview
{
    internal QueryReview(QueryState query, Digest verdictDigest, Verdict verdict, ImmutableArray<ApproverNeed> needs) =>
        (Query, VerdictDigest, Verdict, Needs) = (query, verdictDigest, verdict, needs);

    /// <summary>Gets the query with its decisions and runs so far.</summary>
    public QueryState Query { get; }

    /// <summary>Gets the digest of the verdict row's document.</summary>
    public Digest VerdictDigest { get; }

    /// <summary>Gets the verdict.</summary>
    public Verdict Verdict { get; }

    /// <summary>Gets whose approval is needed, computed here from the contract.</summary>
    public ImmutableArray<ApproverNeed> Needs { get; }
}
