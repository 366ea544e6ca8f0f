namespace CleanRoom.Attestation.Evidence;

/// <summary>Evidence whose form is right. Nothing is known about who made it.</summary>
/// <remarks>Each verifier derives its own type with the fields that <see cref="IEvidenceVerifier.Verify"/> needs.</remarks>
public abstract class ParsedEvidence(EvidenceClaims statedClaims)
{
    /// <summary>Gets what the evidence says. Trust: attacker-controlled; good for listing failures, never for accepting.</summary>
    public EvidenceClaims StatedClaims { get; } = statedClaims;

    /// <summary>Returns evidence as the type that the calling verifier made.</summary>
    /// <exception cref="ArgumentException">Another verifier parsed it.</exception>
    internal static T ParsedHere<T>(ParsedEvidence evidence)
        where T : ParsedEvidence => evidence as T ?? throw new ArgumentException("wanted evidence that this verifier parsed", nameof(evidence));
}
