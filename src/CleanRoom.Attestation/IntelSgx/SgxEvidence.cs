using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Intel;

namespace CleanRoom.Attestation.IntelSgx;

/// <summary>A parsed SGX quote with its endorsements.</summary>
internal sealed class SgxEvidence(Quote quote, SgxReport report, DcapMaterial material, EvidenceClaims statedClaims)
    : DcapEvidence(quote, material, statedClaims)
{
    /// <summary>Gets the enclave's report.</summary>
    public SgxReport Report { get; } = report;
}
