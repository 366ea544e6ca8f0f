using CleanRoom.Attestation.Evidence;

namespace CleanRoom.Attestation.Certificates;

/// <summary>A verifier whose evidence rests on chains of certificates that can be shown one by one.</summary>
internal interface IChainedVerifier
{
    /// <summary>Returns the chains that <see cref="IEvidenceVerifier.Verify"/> judges, from evidence that this verifier parsed.</summary>
    IEnumerable<ChainQuestion> Chains(ParsedEvidence evidence);
}
