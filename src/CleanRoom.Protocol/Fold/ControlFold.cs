using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Fold;

/// <summary>Stops, goes on, ends, takes back. Who may: contracts/spec/0005 s.7.</summary>
internal static class ControlFold
{
    public static Result<CollaborationState> Apply(FoldInput input, Suspend suspend)
    {
        if ((input.WrongCollaboration(suspend.Collaboration) ?? WrongVersion(input, suspend.ContractDigest)) is { } wrong)
        {
            return wrong;
        }

        if (input.State.Suspension is { } standing)
        {
            return new Refusal(RefusalCode.ContractNotActive, "a collaboration that is not suspended", $"suspended at row {standing.Sequence}");
        }

        return input.SigningMember(MemberRole.Admin, MemberRole.Owner).Then(member => Result.Accept(input.State with
        {
            Suspension = new SuspensionState(input.Sequence, member.Name, suspend.Reason),
        }));
    }

    public static Result<CollaborationState> Apply(FoldInput input, Resume resume)
    {
        if ((input.WrongCollaboration(resume.Collaboration) ?? WrongVersion(input, resume.ContractDigest)) is { } wrong)
        {
            return wrong;
        }

        if (input.State.Suspension is not { } suspension || suspension.Sequence != resume.SuspendSequence)
        {
            return new Refusal(
                RefusalCode.Stale,
                input.State.Suspension is { } other ? $"a vote on the suspension at row {other.Sequence}" : "a suspension",
                $"row {resume.SuspendSequence}");
        }

        return input.SigningMember(MemberRole.Admin, MemberRole.Owner).Then(member =>
        {
            var votes = suspension.ResumeVotes.Add(member.Delegation.Collaborator);
            return Result.Accept(input.State with { Suspension = IsUnanimous(input.State, votes) ? null : suspension with { ResumeVotes = votes } });
        });
    }

    public static Result<CollaborationState> Apply(FoldInput input, Terminate terminate)
    {
        if ((input.WrongCollaboration(terminate.Collaboration) ?? WrongVersion(input, terminate.ContractDigest)) is { } wrong)
        {
            return wrong;
        }

        return input.SigningMember(MemberRole.Admin, MemberRole.Owner).Then(member =>
        {
            var votes = input.State.TerminateVotes.Add(member.Delegation.Collaborator);
            return Result.Accept(input.State with { TerminateVotes = votes, IsTerminated = IsUnanimous(input.State, votes) });
        });
    }

    public static Result<CollaborationState> Apply(FoldInput input, Revocation revocation)
    {
        if (input.WrongCollaboration(revocation.Collaboration) is { } wrong)
        {
            return wrong;
        }

        return input.SigningMember().Then(member => revocation.Kind switch
        {
            RevocationKind.Query => RevokeQuery(input, revocation, member),
            RevocationKind.Dataset => RevokeDataset(input, revocation, member),
            RevocationKind.Measurement => RevokeMeasurement(input, revocation, member),
            RevocationKind.ApprovalRule => RevokeRule(input, revocation, member),
            _ => new Refusal(RefusalCode.DocumentInvalid, "query, dataset, measurement or approval-rule", $"{revocation.Kind}"),
        });
    }

    private static Result<CollaborationState> RevokeQuery(FoldInput input, Revocation revocation, MemberState member)
    {
        if (!Digest.TryParse(revocation.Subject, out var digest) || !input.State.Queries.TryGetValue(digest, out var query))
        {
            return new Refusal(RefusalCode.QueryUnknown, "a query of this ledger", revocation.Subject);
        }

        return query.Stopped is { } stopped ? stopped : QueryFold.Stop(input, query, member, RefusalCode.Revoked, "revoked");
    }

    private static Result<CollaborationState> RevokeDataset(FoldInput input, Revocation revocation, MemberState member)
    {
        if (!Digest.TryParse(revocation.Subject, out var digest) || !input.State.Datasets.TryGetValue(digest, out var dataset))
        {
            return new Refusal(RefusalCode.DatasetUnknown, "a manifest of this ledger", revocation.Subject);
        }

        if (dataset.WithdrawnSequence is { } withdrawn)
        {
            return new Refusal(RefusalCode.Revoked, "a dataset version that stands", $"withdrawn at row {withdrawn}");
        }

        return member.Delegation.Collaborator == dataset.Owner && member.Has(MemberRole.Owner) && input.State.Active?.IsMember(member) == true
            ? input.State with { Datasets = input.State.Datasets.SetItem(digest, dataset with { WithdrawnSequence = input.Sequence }) }
            : new Refusal(RefusalCode.NotPermitted, $"an owner of {dataset.Owner}", member.Name);
    }

    private static Result<CollaborationState> RevokeRule(FoldInput input, Revocation revocation, MemberState member)
    {
        if (!Digest.TryParse(revocation.Subject, out var digest) || !input.State.ApprovalRules.TryGetValue(digest, out var rule))
        {
            return new Refusal(RefusalCode.QueryUnknown, "an approval rule of this ledger", revocation.Subject);
        }

        if (rule.RevokedSequence is { } revoked)
        {
            return new Refusal(RefusalCode.Revoked, "a rule that stands", $"taken back at row {revoked}");
        }

        var isOwn = member.Signatory == rule.By || (member.Has(MemberRole.Owner) && member.Delegation.Collaborator == rule.By.Collaborator);
        return isOwn && input.State.Active?.IsMember(member) == true
            ? input.State with { ApprovalRules = input.State.ApprovalRules.SetItem(digest, rule with { RevokedSequence = input.Sequence }) }
            : new Refusal(RefusalCode.NotPermitted, $"{rule.By.Collaborator}/{rule.By.Member} or an owner of {rule.By.Collaborator}", member.Name);
    }

    private static Result<CollaborationState> RevokeMeasurement(FoldInput input, Revocation revocation, MemberState member)
    {
        // Another spelling would match no node, and the owner would believe that it had stopped one.
        if (revocation.Subject.Length is 0 || revocation.Subject.Length % 2 != 0 || !revocation.Subject.All(char.IsAsciiHexDigitLower))
        {
            return new Refusal(RefusalCode.DocumentInvalid, "a measurement in lower-case hex", $"{revocation.Subject.Length} characters");
        }

        return member.Has(MemberRole.Owner) && input.State.Active?.IsMember(member) == true
            ? input.State with { RevokedMeasurements = input.State.RevokedMeasurements.Add(revocation.Subject) }
            : new Refusal(RefusalCode.RoleMissing, "role owner in a collaborator of the contract in force", member.Name);
    }

    /// <summary>Unlike <see cref="FoldInput.WrongContract"/> this lets a suspended or expired contract be stopped and ended.</summary>
    private static Refusal? WrongVersion(FoldInput input, Digest contractDigest) => input.State.ActiveContract == contractDigest
        ? null
        : new(RefusalCode.ContractConflict, $"the contract in force, {input.State.ActiveContract?.Abbreviated ?? "none"}", contractDigest.Abbreviated);

    private static bool IsUnanimous(CollaborationState state, ImmutableSortedSet<string> votes) =>
        state.Active!.Contract.Collaborators.All(collaborator => votes.Contains(collaborator.Id));
}
