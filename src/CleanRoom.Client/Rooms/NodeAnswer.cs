using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Nodes;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Rooms;

/// <summary>A node's answer to a fresh nonce, and what the appraisal found.</summary>
public sealed class NodeAnswer
{
    private readonly ClientServices _services;
    private readonly ExpectedBinding _expected;

    internal NodeAnswer(ClientServices services, NodeAttestation attestation, ExpectedBinding expected, Contract contract)
    {
        (_services, Attestation, _expected) = (services, attestation, expected);
        Node = AppraiseUnder(contract);
        Result = Node.IsAccepted
            ? Node.Value.Result
            : NodeAppraisal.Examine(attestation, expected, contract.Attestation, contract.AllowInsecure, services.Now, services.Verifiers);
    }

    /// <summary>Gets what came. Trust: attacker-controlled unless <see cref="Node"/> is accepted.</summary>
    public NodeAttestation Attestation { get; }

    /// <summary>Gets every check and claim.</summary>
    public AttestationResult Result { get; }

    /// <summary>Gets the appraised node, or every check that failed.</summary>
    public Result<AppraisedNode> Node { get; }

    /// <summary>Appraises the same evidence under another version of the contract.</summary>
    internal Result<AppraisedNode> AppraiseUnder(Contract contract) => NodeAppraisal.Appraise(
        Attestation, _expected, contract.Attestation, contract.AllowInsecure, _services.Now, _services.Verifiers);
}
