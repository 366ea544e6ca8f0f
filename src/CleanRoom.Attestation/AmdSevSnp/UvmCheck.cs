using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.AzureUvm;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AmdSevSnp;

/// <summary>Checks Azure's statement beside a report: who made it, and that it is about the measurement of this report.</summary>
internal static class UvmCheck
{
    /// <summary>Returns the statement; null when none came or a check failed: those of azure-uvm.md and <c>uvm-measurement</c>.</summary>
    public static VerifiedUvmEndorsement? Verify(SnpEvidence snp, ImmutableArray<TrustAnchor> anchors, Timestamp at, ImmutableArray<FailedCheck>.Builder failures)
    {
        if (snp.Endorsements.Uvm is not { } parsed)
        {
            return null;
        }

        if (!parsed.TryGet(out var statement, out var failed) || !new UvmEndorsementVerifier(anchors).Verify(statement, at).TryGet(out var verified, out failed))
        {
            failures.AddRange(failed);
            return null;
        }

        // A genuine statement about another measurement would lend its name to code that Azure never saw.
        if (verified.LaunchMeasurement != snp.Report.Measurement)
        {
            failures.Add(FailedCheck.Invalid("uvm-measurement", $"{Hex.Of(snp.Report.Measurement.Span)}, the report's", Hex.Of(verified.LaunchMeasurement.Span)));
            return null;
        }

        return verified;
    }
}
