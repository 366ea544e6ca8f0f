using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Intel;

namespace CleanRoom.Attestation.IntelTdx;

/// <summary>A parsed TDX quote with its endorsements.</summary>
internal sealed class TdxEvidence(Quote quote, TdReport report, DcapMaterial material, EvidenceClaims statedClaims)
    : DcapEvidence(quote, material, statedClaims)
{
    /// <summary>Gets the trust domain's report.</summary>
    public TdReport Report { get; } = report;
}
