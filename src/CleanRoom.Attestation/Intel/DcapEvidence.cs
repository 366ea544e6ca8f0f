using CleanRoom.Attestation.Evidence;

namespace CleanRoom.Attestation.Intel;

/// <summary>A quote with what came with it; every form is right and nothing is verified.</summary>
/// <param name="quote">The quote.</param>
/// <param name="material">Certificates and collateral.</param>
/// <param name="statedClaims">What the quote says.</param>
internal abstract class DcapEvidence(Quote quote, DcapMaterial material, EvidenceClaims statedClaims) : ParsedEvidence(statedClaims)
{
    /// <summary>Gets the quote.</summary>
    public Quote Quote { get; } = quote;

    /// <summary>Gets certificates and collateral.</summary>
    public DcapMaterial Material { get; } = material;
}
