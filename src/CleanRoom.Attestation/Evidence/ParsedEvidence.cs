namespace CleanRoom.Attestation.Evidence;

/// <summary>Evidence whose form is right. Nothing is known about who made it.</summary>
/// <remarks>Each verifier derives its own type with the fields that <see cref="IEvidenceVerifier.Verify"/> needs.</remarks>
public abstract class ParsedEvidence(EvidenceClaims statedClaims)
{
    /// <summary>Gets what the evidence says. Trust: attacker-controlled; good for listing failures, never for accepting.</summary>
    public EvidenceClaims StatedClaims { get; } = statedClaims;
}
