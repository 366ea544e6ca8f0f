using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Queries;

/// <summary>A query that stands in the verified ledger together with the verdict on it.</summary>
public sealed record SubmittedQuery(Digest QueryDigest, Digest VerdictDigest, Verdict Verdict);
