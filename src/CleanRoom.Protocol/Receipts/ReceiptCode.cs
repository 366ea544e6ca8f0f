using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Endorsements;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Protocol.Receipts;

/// <summary>Does the contract accept the code that signed the receipt, by itself or by its code endorsers? Spec: contracts/spec/0009 s.5, 0025 s.7.</summary>
internal sealed class ReceiptCode(FoldServices services, ReceiptFindings findings)
{
    /// <param name="bundle">Trust: attacker-controlled.</param>
    /// <param name="receipt">The bundle's receipt.</param>
    /// <param name="contract">The bundle's contract.</param>
    /// <param name="at">The time to appraise at.</param>
    public void Check(ReceiptBundle bundle, Receipt receipt, Contract contract, Timestamp at)
    {
        var attestation = bundle.Attestation;
        var endorsements = Verify(bundle, receipt, contract);
        if (findings.Take(CodeAppraisal.Appraise(contract, endorsements, at, code => services.Nodes.Appraise(attestation, code, at))) is not { } appraised)
        {
            return;
        }

        // Nothing in a bundle is there for nothing.
        findings.Check(
            appraised.Endorsements.Length == (bundle.CodeEndorsements?.Length ?? 0),
            RefusalCode.ReceiptInvalid,
            $"the code endorsements that the evidence needs, {appraised.Endorsements.Length}",
            $"{bundle.CodeEndorsements?.Length ?? 0}");
        var measurement = appraised.Node;
        var accepted = appraised.Endorsements is [var first, ..]
            ? $"which is {EndorsementWords.Of(first, contract)}"
            : "which the contract accepts";
        findings.Prove(
            $"The node's evidence binds its key and has measurement {measurement[..Math.Min(16, measurement.Length)]}..., "
            + $"{accepted} ({attestation.Tee}, appraised as of {at}).");
        if (!appraised.Endorsements.IsEmpty)
        {
            findings.LeaveOpen("That a member brought the code endorsement to the room, and that no owner has revoked its measurement, are rows of the log that the bundle does not hold.");
        }

        if (contract.AllowInsecure)
        {
            findings.LeaveOpen("The contract says allowInsecure: with a simulated or debuggable machine the evidence proves nothing about where the code ran.");
        }
    }

    private ImmutableArray<VerifiedEndorsement> Verify(ReceiptBundle bundle, Receipt receipt, Contract contract)
    {
        if (bundle.CodeEndorsements is not { } encoded)
        {
            return [];
        }

        findings.Check(!encoded.IsEmpty, RefusalCode.ReceiptInvalid, "at least one code endorsement, or no such member", "an empty list");
        return
        [
            .. encoded.Select(one => findings.Take(EndorsementVerifier.Verify(one.Span, receipt.Predicate.Collaboration, contract, services.Signatures)))
                .OfType<VerifiedEndorsement>(),
        ];
    }
}
