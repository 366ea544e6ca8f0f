using System.Collections.Immutable;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Appraisal;

/// <summary>Takes evidence through parse, verify and appraise, and lists every check that failed.</summary>
/// <remarks>Pure: no network, no clock, no state. Spec: RFC 9334 s.8.5; contracts/spec/0006 s.4 and s.5.</remarks>
public static class EvidenceAppraiser
{
    /// <summary>Most bytes of evidence and of one endorsement: 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Most endorsements.</summary>
    public const int MaxEndorsements = 64;

    /// <summary>Appraises an attestation against a contract's policy.</summary>
    /// <param name="attestation">Trust: attacker-controlled. Its binding is not looked at here: see NodeAppraisal.</param>
    /// <param name="expectedReportData">The 64 bytes that the evidence must commit to.</param>
    /// <param name="policy">The contract's; all values of one accepted tuple must match, never a mixture of two.</param>
    /// <param name="allowInsecure">The contract's; without it the simulated TEE and debug are refused whatever a tuple says.</param>
    /// <param name="at">The moment as of which certificates and collateral are judged.</param>
    /// <param name="verifiers">The kinds of evidence that this program knows; each TEE once.</param>
    /// <returns>The verdict with all failures. The simulated TEE is at best a warning.</returns>
    public static AttestationResult Appraise(
        NodeAttestation attestation,
        ReadOnlySpan<byte> expectedReportData,
        AttestationPolicy policy,
        bool allowInsecure,
        Timestamp at,
        IReadOnlyList<IEvidenceVerifier> verifiers)
    {
        ArgumentNullException.ThrowIfNull(attestation);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(verifiers);
        if (expectedReportData.Length != AttestationBinding.ReportDataLength)
        {
            throw new ArgumentException(
                $"wanted {AttestationBinding.ReportDataLength} bytes, got {expectedReportData.Length}", nameof(expectedReportData));
        }

        var verifier = verifiers.SingleOrDefault(candidate => string.Equals(candidate.Tee, attestation.Tee, StringComparison.Ordinal));
        var failures = ImmutableArray.CreateBuilder<FailedCheck>();
        if (verifier is null)
        {
            failures.Add(new FailedCheck(RefusalCode.EvidenceNotAccepted, "tee", Known(verifiers), Printable(attestation.Tee)));
            return Contraindicated(Printable(attestation.Tee), failures, null);
        }

        var verified = ParseAndVerify(verifier, attestation, at, failures, out var claims);
        if (claims is null)
        {
            return Contraindicated(verifier.Tee, failures, null);
        }

        var wanted = Convert.ToHexStringLower(expectedReportData);
        if (!string.Equals(claims.ReportData, wanted, StringComparison.Ordinal))
        {
            failures.Add(new FailedCheck(RefusalCode.BindingMismatch, "report-data", wanted, claims.ReportData));
        }

        if (verifier.Tee == TeeNames.Simulated && !allowInsecure)
        {
            failures.Add(new FailedCheck(RefusalCode.InsecureNotAllowed, "tee", "a real tee, since the contract does not say allowInsecure", verifier.Tee));
        }

        failures.AddRange(TupleFailures(policy, verifier.Tee, claims, allowInsecure));
        return verified is null || failures.Count > 0
            ? Contraindicated(verifier.Tee, failures, claims)
            : new AttestationResult
            {
                Tee = verifier.Tee,
                Verdict = Best(verifier.Tee, verified),
                Failures = [],
                Claims = claims,
                Words = verified.Words,
            };
    }

    private static VerifiedEvidence? ParseAndVerify(
        IEvidenceVerifier verifier,
        NodeAttestation attestation,
        Timestamp at,
        ImmutableArray<FailedCheck>.Builder failures,
        out EvidenceClaims? claims)
    {
        claims = null;
        if (attestation.Evidence.Length > MaxBytes || attestation.Endorsements.Length > MaxEndorsements
            || attestation.Endorsements.Any(endorsement => endorsement.Length > MaxBytes))
        {
            failures.Add(new FailedCheck(
                RefusalCode.EvidenceInvalid, "evidence-format", $"at most {MaxEndorsements} endorsements, each part of at most {MaxBytes} bytes", "more"));
            return null;
        }

        if (!verifier.Parse(attestation.Evidence.Span, attestation.Endorsements).TryGet(out var parsed, out var parseFailures))
        {
            failures.AddRange(parseFailures);
            return null;
        }

        // Failures of evidence that is not authentic are listed too, for the person who looks; nothing can be accepted any more.
        claims = parsed.StatedClaims;
        if (!verifier.Verify(parsed, at).TryGet(out var verified, out var verifyFailures))
        {
            failures.AddRange(verifyFailures);
            return null;
        }

        claims = verified.Claims;
        return verified;
    }

    /// <summary>Returns nothing when one whole tuple is met, and otherwise what each tuple of that TEE lacks.</summary>
    private static ImmutableArray<FailedCheck> TupleFailures(AttestationPolicy policy, string tee, EvidenceClaims claims, bool allowInsecure)
    {
        var all = ImmutableArray.CreateBuilder<FailedCheck>();
        var seen = false;
        for (var i = 0; i < policy.Accepted.Length; i++)
        {
            if (!string.Equals(policy.Accepted[i].Tee, tee, StringComparison.Ordinal))
            {
                continue;
            }

            seen = true;
            var lacks = ReferenceTupleCheck.Failures(policy.Accepted[i], $"accepted tuple {i + 1} of {policy.Accepted.Length}", claims, allowInsecure);
            if (lacks.IsEmpty)
            {
                return [];
            }

            all.AddRange(lacks);
        }

        return seen
            ? all.ToImmutable()
            : [new FailedCheck(RefusalCode.EvidenceNotAccepted, "tee", Accepted(policy), tee)];
    }

    private static AttestationVerdict Best(string tee, VerifiedEvidence verified) =>
        tee == TeeNames.Simulated || verified.Claims.Debug
            ? (AttestationVerdict)Math.Max((int)verified.Best, (int)AttestationVerdict.Warning)
            : verified.Best;

    private static AttestationResult Contraindicated(string tee, ImmutableArray<FailedCheck>.Builder failures, EvidenceClaims? claims) => new()
    {
        Tee = tee,
        Verdict = AttestationVerdict.Contraindicated,
        Failures = failures.ToImmutable(),
        Claims = claims,
        Words = [],
    };

    private static string Known(IReadOnlyList<IEvidenceVerifier> verifiers) =>
        verifiers.Count == 0 ? "a tee that this program knows, of which there is none" : "one of " + string.Join(", ", verifiers.Select(verifier => verifier.Tee));

    private static string Accepted(AttestationPolicy policy) =>
        policy.Accepted.IsEmpty ? "an accepted tee, of which the contract names none" : "one of " + string.Join(", ", policy.Accepted.Select(tuple => tuple.Tee).Distinct(StringComparer.Ordinal));

    /// <summary>The name comes from the other side: it is shown only when it is short and plain.</summary>
    private static string Printable(string tee) =>
        tee.Length is > 0 and <= 63 && tee.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') ? tee : "another name";
}
