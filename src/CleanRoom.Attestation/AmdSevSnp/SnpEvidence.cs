using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;

namespace CleanRoom.Attestation.AmdSevSnp;

/// <summary>A report with what came to endorse it.</summary>
/// <param name="product">Null for a report before version 3 whose signing key's certificate is absent or of no known issuer.</param>
/// <param name="vek">The certificate of the signing key; null when it did not come.</param>
internal sealed class SnpEvidence(SnpReport report, SnpProduct? product, Certificate? vek, SnpEndorsements endorsements)
    : ParsedEvidence(SnpClaims.Of(report, product, vek))
{
    public SnpReport Report { get; } = report;

    public SnpProduct? Product { get; } = product;

    public Certificate? Vek { get; } = vek;

    public SnpEndorsements Endorsements { get; } = endorsements;
}
