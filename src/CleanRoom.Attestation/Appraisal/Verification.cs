using System.Collections.Immutable;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Appraisal;

/// <summary>Parse and verify, the same for every policy: who made the evidence, and does it commit to the wanted report data?</summary>
internal sealed class Verification
{
    private const string Unanchored = "the key that signed came with the evidence: without a contract that names the key, anybody could have made both";

    private Verification(string tee) => Tee = tee;

    /// <summary>Gets the kind of evidence, fit to be shown.</summary>
    public string Tee { get; }

    /// <summary>Gets the verified evidence; null when a check of parse or verify failed.</summary>
    public VerifiedEvidence? Verified { get; private set; }

    /// <summary>Gets what the evidence says, whether verified or not; null when it could not be read.</summary>
    public EvidenceClaims? Claims { get; private set; }

    /// <summary>Gets the certificates of the evidence's chains, worked out when somebody looks.</summary>
    public Lazy<ImmutableArray<CertificateFinding>> Examined { get; private set; } = AttestationResult.NothingToExamine;

    /// <summary>Gets the checks that failed so far.</summary>
    public ImmutableArray<FailedCheck>.Builder Failures { get; } = ImmutableArray.CreateBuilder<FailedCheck>();

    /// <summary>Runs the steps.</summary>
    public static Verification Of(
        PresentedEvidence presented, Expected<Bytes> reportData, Timestamp at, IReadOnlyList<IEvidenceVerifier> verifiers)
    {
        var verifier = verifiers.SingleOrDefault(candidate => string.Equals(candidate.Tee, presented.Tee, StringComparison.Ordinal));
        if (verifier is null)
        {
            var unknown = new Verification(Printable(presented.Tee));
            unknown.Fail(RefusalCode.EvidenceNotAccepted, "tee", Known(verifiers), unknown.Tee);
            return unknown;
        }

        var verification = new Verification(verifier.Tee);
        verification.ParseAndVerify(verifier, presented, at);
        verification.CheckReportData(reportData);
        return verification;
    }

    /// <summary>Ends with the verdict: contraindicated when a check failed.</summary>
    public AttestationResult ToResult() => ToResult(isUnanchored: false);

    /// <summary>Ends with the verdict of evidence that no contract was compared with.</summary>
    public AttestationResult ToResultAlone() => ToResult(Verified is { IsAnchorPresented: true });

    public void Fail(RefusalCode code, string check, string wanted, string got) => Failures.Add(new FailedCheck(code, check, wanted, got));

    private AttestationResult ToResult(bool isUnanchored)
    {
        var accepted = Failures.Count == 0 ? Verified : null;
        return new AttestationResult
        {
            Tee = Tee,
            Verdict = accepted is null ? AttestationVerdict.Contraindicated : Best(accepted, isUnanchored),
            Failures = Failures.ToImmutable(),
            Claims = Claims,
            Words = accepted is null ? [] : isUnanchored ? [.. accepted.Words, Unanchored] : accepted.Words,
            VouchedBy = accepted?.VouchedBy,
            ValidUntil = accepted?.ValidUntil,
            Examined = Examined,
        };
    }

    private AttestationVerdict Best(VerifiedEvidence verified, bool isUnanchored) =>
        Tee == TeeNames.Simulated || verified.Claims.Debug || isUnanchored
            ? (AttestationVerdict)Math.Max((int)verified.Best, (int)AttestationVerdict.Warning)
            : verified.Best;

    private void ParseAndVerify(IEvidenceVerifier verifier, PresentedEvidence presented, Timestamp at)
    {
        if (presented.Evidence.Length > EvidenceAppraiser.MaxBytes || presented.Endorsements.Length > EvidenceAppraiser.MaxEndorsements
            || presented.Endorsements.Any(endorsement => endorsement.Length > EvidenceAppraiser.MaxBytes))
        {
            var limit = $"at most {EvidenceAppraiser.MaxEndorsements} endorsements, each part of at most {EvidenceAppraiser.MaxBytes} bytes";
            Fail(RefusalCode.EvidenceInvalid, "evidence-format", limit, "more");
            return;
        }

        if (!verifier.Parse(presented.Evidence.Span, presented.Endorsements).TryGet(out var parsed, out var failures))
        {
            Failures.AddRange(failures);
            return;
        }

        // Failures of evidence that is not authentic are listed too, for the person who looks; nothing can be accepted any more.
        Claims = parsed.StatedClaims;
        if (verifier is IChainedVerifier chained)
        {
            Examined = new(() => [.. chained.Chains(parsed).SelectMany(chain => chain.Examine(at))]);
        }

        if (!verifier.Verify(parsed, at).TryGet(out var verified, out failures))
        {
            Failures.AddRange(failures);
            return;
        }

        (Verified, Claims) = (verified, verified.Claims);
    }

    private void CheckReportData(Expected<Bytes> expected)
    {
        if (Claims is { } claims && !expected.Accepts(ToBytes(claims.ReportData), out var wanted))
        {
            Fail(RefusalCode.BindingMismatch, "report-data", Convert.ToHexStringLower(wanted.Span), claims.ReportData);
        }
    }

    private static Bytes ToBytes(string hex) => hex.Length % 2 == 0 && hex.All(char.IsAsciiHexDigitLower) ? new Bytes(Convert.FromHexString(hex)) : default;

    private static string Known(IReadOnlyList<IEvidenceVerifier> verifiers) => verifiers.Count == 0
        ? "a tee that this program knows, of which there is none"
        : "one of " + string.Join(", ", verifiers.Select(verifier => verifier.Tee));

    /// <summary>The name comes from the other side: it is shown only when it is short and plain.</summary>
    private static string Printable(string tee) =>
        tee.Length is > 0 and <= 63 && tee.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') ? tee : "another name";
}
