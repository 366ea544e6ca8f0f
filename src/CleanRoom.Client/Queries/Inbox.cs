using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Client.Queries;

/// <summary>Which queries wait for a member, computed from contract and ledger alone.</summary>
public static class Inbox
{
    /// <summary>Returns the queries that the member's collaborator must still decide and that the member itself has not decided, oldest first.</summary>
    public static IReadOnlyList<QueryState> Of(CollaborationState state, MemberIdentity member, Timestamp now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(member);
        return
        [
            .. state.Queries.Values
                .Where(query => QueryStatuses.StatusOf(state, query, now) == QueryStatus.AwaitingApproval && IsWaitedFor(state, query, member, now))
                .OrderBy(query => query.Sequence),
        ];
    }

    /// <summary>Says whether a query waits for this member: what a rule of its collaborator approves waits no more.</summary>
    private static bool IsWaitedFor(CollaborationState state, QueryState query, MemberIdentity member, Timestamp now)
    {
        if (query.Decisions.Any(decision => decision.By.Collaborator == member.Collaborator && decision.By.Member == member.Member))
        {
            return false;
        }

        return QueryRules.VerdictsOn(state, query)
            .Any(digest => QueryRules.Missing(state, query, digest, now) is { IsAccepted: true } missing
                && missing.Value.Any(one => one.Collaborator == member.Collaborator));
    }
}
