using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Endorsements;

namespace CleanRoom.Protocol.Fold;

/// <summary>A code endorsement that a member brings. Spec: contracts/spec/0025 s.5.</summary>
internal static class EndorsementFold
{
    public static Result<CollaborationState> Apply(FoldInput input, CodeAdmission admission)
    {
        if ((input.WrongCollaboration(admission.Collaboration) ?? input.State.WhyNotActive(input.Time)) is { } wrong)
        {
            return wrong;
        }

        var contract = input.State.Active!;
        return EndorsementVerifier.Verify(admission.Endorsement.Span, input.State.Collaboration, contract.Contract, input.Services.Signatures).Then(endorsement =>
            WhyNotTaken(input, endorsement) is { } refusal
                ? refusal
                : input.SigningMember(MemberRole.Admin, MemberRole.Owner).Then(member => Result.Accept(input.State with
                {
                    Endorsements = input.State.Endorsements.Add(endorsement.Digest, new EndorsementState(endorsement, member.Name, input.Sequence)),
                    Nodes = input.State.Nodes.SetItems(Endorsed(input, contract, endorsement)),
                })));
    }

    private static Refusal? WhyNotTaken(FoldInput input, VerifiedEndorsement endorsement)
    {
        if (endorsement.HasEnded(input.Time))
        {
            return new(RefusalCode.Stale, "an endorsement that has not ended", $"one that ended at {endorsement.Endorsement.Expires}");
        }

        if (input.State.Endorsements.Values.FirstOrDefault(one => one.Endorsement.Endorsement.Nonce == endorsement.Endorsement.Nonce) is { } known)
        {
            return new(RefusalCode.Replayed, "an endorsement whose nonce is not in the ledger yet", $"that of row {known.Sequence} again");
        }

        if (input.State.RevokedMeasurements.Contains(endorsement.Measurement))
        {
            return new(RefusalCode.Revoked, "a measurement that no owner has revoked", endorsement.Measurement);
        }

        return input.State.StandingEndorsements(input.Time).Length < CodeAppraisal.MaxStanding
            ? null
            : new(RefusalCode.NotPermitted, $"at most {CodeAppraisal.MaxStanding} endorsements that have not ended", "one more");
    }

    /// <summary>Nodes that the contract itself does not accept, and this endorsement does: one that lapsed may sign again, one that was endorsed may sign for longer.</summary>
    private static IEnumerable<KeyValuePair<Digest, NodeState>> Endorsed(FoldInput input, ContractState contract, VerifiedEndorsement endorsement) =>
        from pair in input.State.Nodes
        let node = pair.Value
        where node.LapsedSequence is not null || !node.Endorsements.IsEmpty
        where CodeAppraisal.Accepts(contract.Contract, endorsement, code => input.Services.Nodes.Appraise(node.Attestation, code, input.Time))
        select KeyValuePair.Create(pair.Key, node with { LapsedSequence = null, Endorsements = node.Endorsements.Add(endorsement.Digest) });
}
