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

    /// <summary>Appraises a node's evidence against a contract's policy.</summary>
    /// <param name="attestation">Trust: attacker-controlled. Its binding is not looked at here: see NodeAppraisal.</param>
    /// <param name="expectedReportData">The 64 bytes that the evidence must commit to.</param>
    public static AttestationResult Appraise(
        NodeAttestation attestation,
        ReadOnlySpan<byte> expectedReportData,
        AttestationPolicy policy,
        bool allowInsecure,
        Timestamp at,
        IReadOnlyList<IEvidenceVerifier> verifiers) =>
        expectedReportData.Length == AttestationBinding.ReportDataLength
            ? Appraise(PresentedEvidence.Of(attestation), Expected.Exactly(new Bytes(expectedReportData)), policy, allowInsecure, at, verifiers)
            : throw new ArgumentException(
                $"wanted {AttestationBinding.ReportDataLength} bytes, got {expectedReportData.Length}", nameof(expectedReportData));

    /// <summary>Appraises evidence against a contract's policy.</summary>
    /// <param name="policy">The contract's; all values of one accepted tuple must match, never a mixture of two.</param>
    /// <param name="allowInsecure">The contract's; without it the simulated TEE and debug are refused whatever a tuple says.</param>
    /// <param name="at">The moment as of which certificates and collateral are judged.</param>
    /// <param name="verifiers">The kinds of evidence that this program knows; each TEE once.</param>
    /// <returns>The verdict with all failures. The simulated TEE and a debuggable guest are at best a warning.</returns>
    public static AttestationResult Appraise(
        PresentedEvidence presented,
        Expected<Bytes> reportData,
        AttestationPolicy policy,
        bool allowInsecure,
        Timestamp at,
        IReadOnlyList<IEvidenceVerifier> verifiers)
    {
        ArgumentNullException.ThrowIfNull(presented);
        ArgumentNullException.ThrowIfNull(reportData);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(verifiers);
        var verification = Verification.Of(presented, reportData, at, verifiers);
        if (verification.Claims is not { } claims)
        {
            return verification.ToResult();
        }

        if (verification.Tee == TeeNames.Simulated && !allowInsecure)
        {
            verification.Fail(
                RefusalCode.InsecureNotAllowed, "tee", "a real tee, since the contract does not say allowInsecure", verification.Tee);
        }

        AppraiseTuples(verification, claims, policy, allowInsecure);
        return verification.ToResult();
    }

    /// <summary>Judges authenticity, debug and TCB status alone, for a person who looks at evidence without a contract.</summary>
    /// <returns>The verdict with all failures. The simulated TEE is contraindicated: no contract allows it here.</returns>
    public static AttestationResult Authenticate(
        PresentedEvidence presented, Expected<Bytes> reportData, Timestamp at, IReadOnlyList<IEvidenceVerifier> verifiers)
    {
        ArgumentNullException.ThrowIfNull(presented);
        ArgumentNullException.ThrowIfNull(reportData);
        ArgumentNullException.ThrowIfNull(verifiers);
        var verification = Verification.Of(presented, reportData, at, verifiers);
        if (verification.Tee == TeeNames.Simulated)
        {
            verification.Fail(RefusalCode.InsecureNotAllowed, "tee", "a real tee, since no contract allows another", verification.Tee);
        }

        if (verification.Claims is { Debug: true })
        {
            verification.Fail(RefusalCode.EvidenceNotAccepted, "debug", "false", "true");
        }

        foreach (var guarded in verification.Claims?.Guarded.Where(guarded => guarded.IsJudgedAlone) ?? [])
        {
            var got = verification.Claims!.Values.GetValueOrDefault(guarded.Claim, "none");
            if (!guarded.IsSafe(got))
            {
                verification.Fail(RefusalCode.EvidenceNotAccepted, guarded.Claim, guarded.Wanted, got);
            }
        }

        return verification.ToResultAlone();
    }

    /// <summary>Adds nothing when one whole tuple is met, and otherwise what each tuple of that TEE lacks.</summary>
    private static void AppraiseTuples(Verification verification, EvidenceClaims claims, AttestationPolicy policy, bool allowInsecure)
    {
        var lacking = new List<FailedCheck>();
        var named = false;
        for (var i = 0; i < policy.Accepted.Length; i++)
        {
            var tuple = policy.Accepted[i];
            if (!string.Equals(tuple.Tee, verification.Tee, StringComparison.Ordinal))
            {
                continue;
            }

            named = true;
            var failures = ReferenceTupleCheck.Failures(tuple, $"accepted tuple {i + 1} of {policy.Accepted.Length}", claims, allowInsecure);
            if (failures.IsEmpty)
            {
                return;
            }

            lacking.AddRange(failures);
        }

        verification.Failures.AddRange(lacking);
        if (!named)
        {
            var wanted = policy.Accepted.IsEmpty
                ? "a tee that the contract accepts, of which there is none"
                : "one of " + string.Join(", ", policy.Accepted.Select(tuple => tuple.Tee).Distinct(StringComparer.Ordinal));
            verification.Fail(RefusalCode.EvidenceNotAccepted, "tee", wanted, verification.Tee);
        }
    }
}
