using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Evidence;

/// <summary>Evidence as somebody presented it. Trust: attacker-controlled.</summary>
/// <param name="Tee">The kind that it is said to be.</param>
/// <param name="Evidence">The bytes.</param>
/// <param name="Endorsements">The certificates and collateral that came with it.</param>
public sealed record PresentedEvidence(string Tee, Bytes Evidence, ImmutableArray<Bytes> Endorsements)
{
    /// <summary>Takes the evidence out of a node's attestation.</summary>
    public static PresentedEvidence Of(NodeAttestation attestation)
    {
        ArgumentNullException.ThrowIfNull(attestation);
        return new(attestation.Tee, attestation.Evidence, attestation.Endorsements);
    }

    /// <summary>Finds out which kind a file is; null unless exactly one verifier recognises it.</summary>
    public static PresentedEvidence? Detect(Bytes evidence, ImmutableArray<Bytes> endorsements, IReadOnlyList<IEvidenceVerifier> verifiers)
    {
        ArgumentNullException.ThrowIfNull(verifiers);
        var found = verifiers.Where(verifier => verifier.Recognises(evidence.Span)).ToImmutableArray();
        return found is [var only] ? new(only.Tee, evidence, endorsements) : null;
    }
}
