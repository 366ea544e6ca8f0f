using CleanRoom.Attestation.Appraisal;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Nodes;

/// <summary>A node whose evidence meets a contract and whose binding is the expected one. Only <see cref="NodeAppraisal"/> makes one.</summary>
public sealed class AppraisedNode
{
    internal AppraisedNode(NodeAttestation attestation, AttestationResult result, string measurement) =>
        (Binding, AttestationDigest, Result, Measurement) = (attestation.Binding, DocumentCodec.DigestOf(attestation), result, measurement);

    /// <summary>Gets what the node committed to.</summary>
    public Binding Binding { get; }

    /// <summary>Gets the key whose signatures are the node's.</summary>
    public Bytes SigningKey => Binding.SigningKey;

    /// <summary>Gets the key to seal to.</summary>
    public Bytes SealingKey => Binding.SealingKey;

    /// <summary>Gets the digest by which statements name this attestation.</summary>
    public Digest AttestationDigest { get; }

    /// <summary>Gets the measurement in lower-case hex, for comparison with revocations.</summary>
    public string Measurement { get; }

    /// <summary>Gets the verdict (affirming or warning) with the claims.</summary>
    public AttestationResult Result { get; }
}
