using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Client.Members;

/// <summary>What would change if a member were revoked now, found by asking the fold's own rules before and after. Spec: contracts/spec/0004 s.4.</summary>
/// <param name="EndedQueries">Queries that could still run and could not any more.</param>
/// <param name="LostApprovals">Queries that are approved and would need an approver again.</param>
/// <param name="EndedRules">Approval rules of the member that stand and would approve nothing more.</param>
/// <param name="LostAnswers">Queries whose answers are served and would not be any more.</param>
/// <param name="OrphanedRoles">Roles that nobody of the collaborator would have.</param>
public sealed record RevocationEffect(
    ImmutableArray<QueryState> EndedQueries,
    ImmutableArray<QueryState> LostApprovals,
    ImmutableArray<ApprovalRuleState> EndedRules,
    ImmutableArray<QueryState> LostAnswers,
    ImmutableArray<MemberRole> OrphanedRoles)
{
    /// <summary>Gets a value that says whether nothing but the member's own rights would change.</summary>
    public bool IsNothing => EndedQueries.IsEmpty && LostApprovals.IsEmpty && EndedRules.IsEmpty && LostAnswers.IsEmpty && OrphanedRoles.IsEmpty;

    /// <summary>Looks ahead.</summary>
    /// <param name="state">The verified ledger.</param>
    /// <param name="member">A member of it.</param>
    /// <param name="at">The moment.</param>
    public static RevocationEffect Of(CollaborationState state, MemberState member, Timestamp at)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(member);
        var key = state.Members.First(known => known.Value.DelegationDigest == member.DelegationDigest).Key;
        var after = state with { Members = state.Members.SetItem(key, member with { RevokedSequence = state.Log.Size }) };
        var open = state.Queries.Values.Where(query => QueryRules.WhyEnded(state, query, at) is null).OrderBy(query => query.Sequence).ToList();
        return new RevocationEffect(
            [.. open.Where(query => query.Runs.Length < QueryRules.AllowedRuns(query) && QueryRules.WhyEnded(after, query, at) is not null)],
            [.. open.Where(query => QueryRules.WhyEnded(after, query, at) is null && QueryRules.IsApproved(state, query, at) && !QueryRules.IsApproved(after, query, at))],
            [.. state.ApprovalRules.Values.Where(rule => rule.By.SignKey == member.Delegation.Sign.PublicKey && ApprovalRuleCoverage.WhyOver(state, rule, at) is null)],
            [.. state.Queries.Values.Where(query => IsServed(state, query, at) && !IsServed(after, query, at)).OrderBy(query => query.Sequence)],
            [.. member.Delegation.Roles.Where(role => !after.MembersOf(member.Delegation.Collaborator, at).Any(other => other.Has(role)))]);
    }

    private static bool IsServed(CollaborationState state, QueryState query, Timestamp at) =>
        query.Runs.Any(run => run.Result is not null && QueryRules.WhyNotServed(state, query, run, at) is null);
}
