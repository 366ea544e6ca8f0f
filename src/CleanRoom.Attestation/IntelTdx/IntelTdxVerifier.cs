using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Intel;
using CleanRoom.Attestation.Tpm.EventLog;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.IntelTdx;

/// <summary>Knows Intel TDX quotes of version 4 and 5, of TDX 1.0 and 1.5.</summary>
/// <remarks>
/// Endorsements, in any order: TCB info (id TDX) and enclave identity (id TD_QE) as Intel's service answers them, the TCB signing certificate, the
/// revocation lists of the root and of the PCK's issuer, and the domain's event log (CCEL), which must replay when it comes. Spec: contracts/spec/attestation/intel-tdx.
/// </remarks>
/// <param name="anchors">The roots that a chain may end in.</param>
public sealed class IntelTdxVerifier(ImmutableArray<TrustAnchor> anchors) : IEvidenceVerifier, IChainedVerifier
{
    private const string EventLogClaim = "eventLog";

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
        ImmutableArray<FailedCheck> failures = [.. result.Failures, .. ReportFailures(parsed.Report), .. LogFailures(parsed)];
        return failures.IsEmpty
            ? new VerifiedEvidence(WithLog(parsed.StatedClaims.WithJudgement(result), parsed), AttestationVerdict.Affirming, Words(parsed))
            {
                VouchedBy = result.Anchor?.Name,
                ValidUntil = result.ValidUntil,
            }
            : failures;
    }

    /// <inheritdoc/>
    IEnumerable<ChainQuestion> IChainedVerifier.Chains(ParsedEvidence evidence) => PckCheck.Chains(ParsedEvidence.ParsedHere<TdxEvidence>(evidence).Material, anchors);

    private static IEnumerable<FailedCheck> LogFailures(TdxEvidence parsed) => parsed.EventLog switch
    {
        null => [],
        { } read when read.TryGet(out var log, out _) => CcelCheck.Failures(log, parsed.Report.Rtmr),
        { } read => read.Failures,
    };

    /// <summary>Says which registers the log explains, so that a contract can demand a log. Only for evidence without failures.</summary>
    private static EvidenceClaims WithLog(EvidenceClaims claims, TdxEvidence parsed) => Replayed(parsed) is { } registers
        ? claims with { Values = claims.Values.SetItem(EventLogClaim, registers) }
        : claims;

    private static ImmutableArray<string> Words(TdxEvidence parsed) => Replayed(parsed) is { } registers
        ? [$"the event log's digests, in their order, give {registers} as quoted; the names and data that it writes beside them are not proven"]
        : [];

    private static string? Replayed(TdxEvidence parsed) => parsed.EventLog is { } read && read.TryGet(out var log, out _) ? CcelCheck.Replayed(log, parsed.Report.Rtmr) : null;

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
