using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Nodes;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Endorsements;

namespace CleanRoom.Client.Rooms;

/// <summary>A node's answer to a fresh nonce, and what the appraisal found.</summary>
public sealed class NodeAnswer
{
    private readonly ClientServices _services;
    private readonly ExpectedBinding _expected;

    internal NodeAnswer(ClientServices services, NodeAttestation attestation, ExpectedBinding expected, Contract contract, ShownEndorsements shown)
    {
        (_services, Attestation, _expected) = (services, attestation, expected);
        if (AppraiseUnder(contract, shown.Verified).TryGet(out var appraised, out var refusals))
        {
            (Node, Result) = (appraised.Node, appraised.Node.Result);
            Endorsement = appraised.Endorsements.FirstOrDefault();
            EndorsedInWords = Endorsement is null ? null : EndorsementWords.Of(Endorsement, contract);
        }
        else
        {
            var code = CodeAppraisal.At(contract, shown.Verified, services.Now);
            Node = refusals;
            Result = NodeAppraisal.Examine(attestation, expected, code, services.Now, services.Verifiers).With(shown.Refused);
        }
    }

    /// <summary>Gets what came. Trust: attacker-controlled unless <see cref="Node"/> is accepted.</summary>
    public NodeAttestation Attestation { get; }

    /// <summary>Gets every check and claim.</summary>
    public AttestationResult Result { get; }

    /// <summary>Gets the appraised node, or every check that failed.</summary>
    public Result<AppraisedNode> Node { get; }

    /// <summary>Gets the code endorsement by which the node is accepted; null when the contract itself names its code, and when it is not accepted.</summary>
    public VerifiedEndorsement? Endorsement { get; }

    /// <summary>Gets <see cref="Endorsement"/> for people, a part of a sentence.</summary>
    public string? EndorsedInWords { get; }

    /// <summary>Appraises the same evidence under another version of the contract, and the endorsements that a ledger has under it.</summary>
    internal Result<CodeAppraised<AppraisedNode>> AppraiseUnder(Contract contract, IReadOnlyList<VerifiedEndorsement> endorsements) => CodeAppraisal.Appraise(
        contract, endorsements, _services.Now, code => NodeAppraisal.Appraise(Attestation, _expected, code, _services.Now, _services.Verifiers));
}
