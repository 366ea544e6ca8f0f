using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Insecure;

/// <summary>Verifies evidence of the simulated TEE. INSECURE: it notices changes, and nobody is behind the signature.</summary>
public sealed class InsecureSimulatedVerifier : IEvidenceVerifier
{
    /// <summary>What every result of this verifier says to people.</summary>
    public const string Words = "simulated: proves nothing about the machine";

    /// <inheritdoc/>
    public string Tee => TeeNames.Simulated;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence) =>
        evidence.Length > 0 && evidence[0] == '{' && evidence.IndexOf("\"cleanroom/v1/insecure-simulated-evidence\""u8) >= 0;

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements)
    {
        ArgumentNullException.ThrowIfNull(endorsements);
        return endorsements.Count == 0
            ? InsecureSimulatedEvidence.Parse(evidence)
            : new FailedCheck(RefusalCode.EvidenceInvalid, "evidence-format", "no endorsements", $"{endorsements.Count}");
    }

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at) =>
        evidence is not InsecureSimulatedEvidence simulated
            ? throw new ArgumentException("wanted evidence that this verifier parsed", nameof(evidence))
            : simulated.IsSigned
                ? new VerifiedEvidence(simulated.StatedClaims, AttestationVerdict.Warning, [Words])
                : new FailedCheck(RefusalCode.EvidenceInvalid, "signature", "one by the publicly known insecure key", "another");
}
