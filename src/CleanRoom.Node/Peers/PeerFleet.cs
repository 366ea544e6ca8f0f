using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Nodes;
using CleanRoom.Attestation.Peers;
using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Node.Peers;

/// <summary>The nodes that run the code of this one. Spec: contracts/spec/0020 s.4.</summary>
internal sealed class PeerFleet(FleetPolicy fleet, IReadOnlyList<IEvidenceVerifier> verifiers) : IFleet
{
    /// <inheritdoc/>
    public Result<string> Appraise(NodeAttestation attestation, Bytes nonce, Timestamp at) =>
        NodeAppraisal.Appraise(attestation, ExpectedBinding.Admission(nonce), fleet.Policy, fleet.AllowInsecure, at, verifiers)
            .Then(node => Result.Accept(node.Measurement));
}
