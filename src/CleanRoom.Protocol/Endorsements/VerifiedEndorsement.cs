using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Endorsements;

/// <summary>A code endorsement that every code endorser of its contract has signed, and whose tuple the contract allows. Only <see cref="EndorsementVerifier"/> makes one.</summary>
public sealed class VerifiedEndorsement
{
    internal VerifiedEndorsement(CodeEndorsement endorsement, Digest digest, Bytes encoded) =>
        (Endorsement, Digest, Encoded) = (endorsement, digest, encoded);

    /// <summary>Gets what was signed.</summary>
    public CodeEndorsement Endorsement { get; }

    /// <summary>Gets the digest of the document.</summary>
    public Digest Digest { get; }

    /// <summary>Gets the encoded envelope with all signatures.</summary>
    public Bytes Encoded { get; }

    /// <summary>Gets the measurement that it endorses, in lower-case hex.</summary>
    public string Measurement => Endorsement.Tuple.Values[EndorsementRules.Measurement];

    /// <summary>Says whether it counts at a time.</summary>
    public bool IsInForce(Timestamp at) => at >= Endorsement.NotBefore && !HasEnded(at);

    /// <summary>Says whether it counts no more.</summary>
    public bool HasEnded(Timestamp at) => at >= Endorsement.Expires;
}
