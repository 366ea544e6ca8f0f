using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Client.Queries;

/// <summary>Whose approval of a query is there, and whose is still wanted, owner by owner. Spec: contracts/spec/0002 s.6.</summary>
/// <remarks>Computed from the verified ledger by the rules of the fold, which alone decides: this is for people who look.</remarks>
public static class ApprovalBoard
{
    /// <summary>Returns the needs of a query under a verdict, in the order of the contract's collaborators; empty when nobody's approval is needed.</summary>
    public static ImmutableArray<OwnerApprovals> Of(CollaborationState state, QueryState query, Digest verdictDigest, Timestamp at)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(query);
        if (!QueryRules.Needs(state, query, verdictDigest).TryGet(out var needs, out _)
            || !QueryRules.Missing(state, query, verdictDigest, at).TryGet(out var missing, out _))
        {
            return [];
        }

        var rules = ApprovalRuleCoverage.Approving(state, query, verdictDigest, at).ToHashSet();
        var counted = QueryRules.Approving(state, query, verdictDigest, at);
        return [.. needs.Select(need => new OwnerApprovals
        {
            Collaborator = need.Collaborator,
            Wanted = need.Members,
            Missing = missing.FirstOrDefault(one => one.Collaborator == need.Collaborator)?.Members ?? 0,
            IsStanding = QueryRules.IsStanding(state, need),
            Given = [.. query.Decisions.Where(decision => decision.By.Collaborator == need.Collaborator && decision.Approval.Decision == ApprovalDecision.Approve)
                .Select(decision => new GivenApproval(decision.By, QueryRules.Counts(state, decision, verdictDigest, at), IsByRule: false))
                .Concat(rules.Where(by => by.Collaborator == need.Collaborator).Select(by => new GivenApproval(by, !QueryRules.IsRevoked(state, by), IsByRule: true)))],
            MayStill = [.. state.MembersOf(need.Collaborator, at)
                .Where(member => member.Has(MemberRole.Approver, MemberRole.Owner) && !counted.Any(member.Signatory.IsSamePersonAs))
                .OrderBy(member => member.Sequence)],
        })];
    }

    /// <summary>Says why a member's signature would add nothing to its collaborator's need; null when it would.</summary>
    public static Refusal? WhyNotAgain(OwnerApprovals owner, Signatory member)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(member);
        return owner.Given.FirstOrDefault(given => given.Counts && member.IsSamePersonAs(given.By)) is { } given
            ? new Refusal(
                RefusalCode.Replayed,
                $"the signature of another person of {owner.Collaborator}, with another key",
                given.By.SignKey == member.SignKey ? $"the key that has signed already, as {given.By.Collaborator}/{given.By.Member}" : $"{member.Collaborator}/{member.Member} a second time")
            : null;
    }
}

/// <summary>What an owner needs, and what it has.</summary>
public sealed record OwnerApprovals
{
    /// <summary>Gets the owner.</summary>
    public required string Collaborator { get; init; }

    /// <summary>Gets how many different people must sign, from 1.</summary>
    public required int Wanted { get; init; }

    /// <summary>Gets how many are missing.</summary>
    public required int Missing { get; init; }

    /// <summary>Gets a value that says whether the contract itself approves this template, and runs of it are left.</summary>
    public required bool IsStanding { get; init; }

    /// <summary>Gets the approvals that are there, also those that count no longer.</summary>
    public required ImmutableArray<GivenApproval> Given { get; init; }

    /// <summary>Gets the members whose signature would count.</summary>
    public required ImmutableArray<MemberState> MayStill { get; init; }
}

/// <summary>An approval that is there.</summary>
/// <param name="By">Whose.</param>
/// <param name="Counts">False when it is of a revoked member, of another verdict, or expired.</param>
/// <param name="IsByRule">Whether a rule of the member gives it.</param>
public sealed record GivenApproval(Signatory By, bool Counts, bool IsByRule);
