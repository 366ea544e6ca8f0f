using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;

namespace CleanRoom.Attestation.RaTls;

/// <summary>A parsed certificate with the quote in it.</summary>
internal sealed class RaTlsEvidence(Certificate certificate, RaTlsExtension extension, ParsedEvidence quote, IEvidenceVerifier verifier, EvidenceClaims statedClaims)
    : ParsedEvidence(statedClaims)
{
    /// <summary>Gets the certificate.</summary>
    public Certificate Certificate { get; } = certificate;

    /// <summary>Gets the extension.</summary>
    public RaTlsExtension Extension { get; } = extension;

    /// <summary>Gets the quote.</summary>
    public ParsedEvidence Quote { get; } = quote;

    /// <summary>Gets the verifier of the quote.</summary>
    public IEvidenceVerifier Verifier { get; } = verifier;
}
