using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Endorsements;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Attestation.Nodes;

/// <summary>Appraises the nodes that a ledger's rows name, for the fold.</summary>
/// <remarks>
/// Checks the evidence against the code that the contract accepts and against the binding, and the binding's form. The binding's fields are compared
/// with the ledger by the fold itself. Spec: contracts/spec/0006 s.5.
/// </remarks>
public sealed class LedgerNodeAppraiser(IReadOnlyList<IEvidenceVerifier> verifiers) : INodeAppraiser
{
    /// <inheritdoc/>
    public Result<string> Appraise(NodeAttestation attestation, AcceptedCode code, Timestamp at) =>
        NodeAppraisal.Appraise(attestation, ExpectedBinding.Recorded, code, at, verifiers).Then(node => Result.Accept(node.Measurement));
}
