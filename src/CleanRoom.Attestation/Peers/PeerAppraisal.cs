using System.Collections.Immutable;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Nodes;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Peers;

/// <summary>Decides whether another node may be connected with. What a collaboration lets it have is decided again, by its contract, before any key moves.</summary>
/// <remarks>Pure: no network, no clock, no state. Spec: contracts/spec/0020.</remarks>
public static class PeerAppraisal
{
    /// <summary>Parses, verifies and appraises a presented certificate.</summary>
    /// <param name="der">Trust: attacker-controlled. The handshake has shown that its sender has the key.</param>
    /// <param name="fleet">This node's own policy.</param>
    /// <param name="at">The moment as of which everything is judged.</param>
    /// <param name="verifiers">The kinds of evidence that this program knows.</param>
    /// <returns>The peer, or all refusals of the step that failed: <see cref="RefusalCode.EvidenceInvalid"/>,
    /// <see cref="RefusalCode.EvidenceNotAccepted"/>, <see cref="RefusalCode.BindingMismatch"/>, <see cref="RefusalCode.EndorsementMissing"/>,
    /// <see cref="RefusalCode.InsecureNotAllowed"/>.</returns>
    public static Result<AppraisedNode> Appraise(
        ReadOnlySpan<byte> der, FleetPolicy fleet, Timestamp at, IReadOnlyList<IEvidenceVerifier> verifiers)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        if (!PeerCertificate.Parse(der).TryGet(out var parsed, out var failures) || !parsed.Verify(at).TryGet(out var verified, out failures))
        {
            return failures.Select(failure => failure.ToRefusal()).ToImmutableArray();
        }

        var expected = ExpectedBinding.Peer(PeerCertificate.NonceOf(verified.Certificate.Certificate.Spki.Span));
        return NodeAppraisal.Appraise(verified.Certificate.Attestation, expected, fleet.Policy, fleet.AllowInsecure, at, verifiers);
    }
}
