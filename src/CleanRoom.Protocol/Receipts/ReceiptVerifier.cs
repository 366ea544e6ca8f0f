using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Protocol.Receipts;

/// <summary>Checks a receipt bundle without a network. Pure. Spec: contracts/spec/0009 s.5.</summary>
public static class ReceiptVerifier
{
    /// <summary>Runs every check and reports all that failed.</summary>
    /// <param name="bytes">A <c>.receipt</c> file. Trust: attacker-controlled.</param>
    /// <param name="at">The time to appraise at; null for the row's own time.</param>
    /// <param name="services">Signature verification and node appraisal.</param>
    public static ReceiptReport Verify(ReadOnlySpan<byte> bytes, Timestamp? at, FoldServices services) =>
        DocumentCodec.Parse<ReceiptBundle>(bytes).TryGet(out var bundle, out var unreadable)
            ? new ReceiptChecks(services).Run(bundle, at)
            : new ReceiptReport { Receipt = null, Time = null, IsRedacted = false, Proven = [], NotShown = [], Failures = unreadable };
}
