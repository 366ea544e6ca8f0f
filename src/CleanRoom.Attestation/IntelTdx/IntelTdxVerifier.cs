using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Intel;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.IntelTdx;

/// <summary>Knows Intel TDX quotes of version 4 and 5, of TDX 1.0 and 1.5.</summary>
/// <remarks>
/// Endorsements, in any order: TCB info (id TDX) and enclave identity (id TD_QE) as Intel's service answers them, the TCB signing certificate, the
/// revocation lists of the root and of the PCK's issuer. Spec: contracts/spec/attestation/intel-tdx.
/// </remarks>
/// <param name="anchors">The roots that a chain may end in.</param>
public sealed class IntelTdxVerifier(ImmutableArray<TrustAnchor> anchors) : IEvidenceVerifier
{
    /// <summary>Makes a verifier with Intel's pinned root.</summary>
    public IntelTdxVerifier()
        : this(TrustAnchor.Pinned("intel-sgx-root"))
    {
    }

    /// <inheritdoc/>
    public string Tee => TeeNames.IntelTdx;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence) => QuoteParser.Recognises(evidence, QuoteParser.TdxTee);

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements) => DcapEvidence.Parse(
        evidence,
        endorsements,
        QuoteParser.TdxTee,
        "a TD report",
        quote => TdReport.Parse(quote.Body.Span, quote.BodyType),
        (quote, report, material) => new TdxEvidence(quote, report, material, TdxClaims.Of(report, quote, material.Pck?.Extension)));

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        var parsed = ParsedEvidence.ParsedHere<TdxEvidence>(evidence);
        var result = DcapVerification.Of(parsed, anchors, parsed.Report.Module, at);
        ImmutableArray<FailedCheck> failures = [.. result.Failures, .. ReportFailures(parsed.Report)];
        return failures.IsEmpty
            ? new VerifiedEvidence(parsed.StatedClaims.WithJudgement(result), AttestationVerdict.Affirming, []) { VouchedBy = result.Anchor?.Name }
            : failures;
    }

    private static IEnumerable<FailedCheck> ReportFailures(TdReport report)
    {
        if (report.Module.Attributes.Span.ContainsAnyExcept((byte)0))
        {
            yield return FailedCheck.Invalid("seam-attributes", "a TDX module without attributes", Hex.Of(report.Module.Attributes.Span));
        }

        if (!report.HasKnownAttributes)
        {
            yield return FailedCheck.Invalid("td-attributes", "only attributes that are known", report.Attributes.ToString("x16", CultureInfo.InvariantCulture));
        }

        if (!report.HasPossibleXfam)
        {
            yield return FailedCheck.Invalid("xfam", "bits 0 and 1 set and no reserved bit", report.Xfam.ToString("x16", CultureInfo.InvariantCulture));
        }
    }
}
