using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Intel;
using CleanRoom.Attestation.Tpm.EventLog;

namespace CleanRoom.Attestation.IntelTdx;

/// <summary>A parsed TDX quote with its endorsements.</summary>
internal sealed class TdxEvidence(Quote quote, TdReport report, DcapMaterial material, EvidenceClaims statedClaims)
    : DcapEvidence(quote, material, statedClaims)
{
    /// <summary>Gets the trust domain's report.</summary>
    public TdReport Report { get; } = report;

    /// <summary>Gets the event log that came with the quote, or why it could not be read; null when none came.</summary>
    public CheckResult<TcgEventLog>? EventLog { get; } = CcelEndorsement.Of(material.Others);
}
