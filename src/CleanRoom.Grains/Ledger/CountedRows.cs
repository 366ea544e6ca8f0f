using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Grains.Ledger;

/// <summary>Says which rows a machine's counter is raised for: every one whose loss could be worth something to somebody.</summary>
/// <remarks>
/// Not counted are a question, its verdict and a yes to it, since they spend nothing, stop nothing, and can be made again: each query has several of them,
/// and a TPM's memory wears out. All else is counted, a kind that is new too. Results are: without the first of two answers the second would be
/// judged as if nobody had seen it. Spec: contracts/spec/0022 s.4.
/// </remarks>
internal static class CountedRows
{
    /// <summary>Says whether a row is acknowledged only after the counter was raised for it.</summary>
    public static bool IsCounted(Envelope envelope) => !DocumentCodec.Parse(envelope.Payload.Span).TryGet(out var document, out _)
        || document is not (Query or Verdict or Approval { Decision: ApprovalDecision.Approve });
}
