using CleanRoom.Attestation.Appraisal;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Endorsements;

namespace CleanRoom.Client.Rooms;

/// <summary>A node's answer to a fresh nonce, to be shown to a person. Nothing is opened on the strength of it.</summary>
/// <param name="Attestation">What came.</param>
/// <param name="Result">What the appraisal found; without a contract authenticity, debug and TCB status alone.</param>
public sealed record NodeEvidence(NodeAttestation Attestation, AttestationResult Result)
{
    /// <summary>Gets the code endorsement by which the node is accepted; null when the contract itself names its code, when it is not accepted, and without a contract.</summary>
    public VerifiedEndorsement? Endorsement { get; private init; }

    /// <summary>Gets <see cref="Endorsement"/> for people, a part of a sentence.</summary>
    public string? EndorsedInWords { get; private init; }

    /// <summary>Returns an answer that was judged under a contract.</summary>
    public static NodeEvidence Of(NodeAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new(answer.Attestation, answer.Result) { Endorsement = answer.Endorsement, EndorsedInWords = answer.EndorsedInWords };
    }
}
