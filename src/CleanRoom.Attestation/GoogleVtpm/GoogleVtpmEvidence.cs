using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;

namespace CleanRoom.Attestation.GoogleVtpm;

/// <summary>Evidence of a virtual machine of Google's whose form is right.</summary>
/// <param name="hardware">The hardware's own evidence with its verifier; null where there is none.</param>
internal sealed class GoogleVtpmEvidence(GoogleAttestation attestation, EndorsementSet endorsements, (IEvidenceVerifier Verifier, ParsedEvidence Evidence)? hardware)
    : ParsedEvidence(GoogleVtpmClaims.Of(attestation, hardware?.Evidence.StatedClaims, hardware?.Verifier.Tee))
{
    public GoogleAttestation Attestation { get; } = attestation;

    public EndorsementSet Endorsements { get; } = endorsements;

    public (IEvidenceVerifier Verifier, ParsedEvidence Evidence)? Hardware { get; } = hardware;
}
