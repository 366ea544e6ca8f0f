namespace CleanRoom.Protocol.Fold;

/// <summary>Where a query stands, for people and programs.</summary>
public enum QueryStatus
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>Approvals are missing.</summary>
    AwaitingApproval = 1,

    /// <summary>It may run.</summary>
    Approved = 2,

    /// <summary>It is charged and has not ended.</summary>
    Running = 3,

    /// <summary>The newest run has an answer.</summary>
    Completed = 4,

    /// <summary>The newest run ended without an answer.</summary>
    Failed = 5,

    /// <summary>An approver said no.</summary>
    Refused = 6,

    /// <summary>Cancelled, revoked, expired, or its contract or an input is gone.</summary>
    Stopped = 7,
}

/// <summary>Computes <see cref="QueryStatus"/>.</summary>
public static class QueryStatuses
{
    /// <summary>Returns the status at a time; an answer that exists stays available whatever happens later to the contract.</summary>
    public static QueryStatus StatusOf(CollaborationState state, QueryState query, Timestamp at)
    {
        if (query.Runs is [.., var newest])
        {
            return newest switch
            {
                { Result: not null } => QueryStatus.Completed,
                { Failure: not null } => QueryStatus.Failed,
                _ => QueryRules.WhyEnded(state, query, at) is null ? QueryStatus.Running : QueryStatus.Stopped,
            };
        }

        if (query.RefusedBy is not null)
        {
            return QueryStatus.Refused;
        }

        if (QueryRules.WhyEnded(state, query, at) is not null)
        {
            return QueryStatus.Stopped;
        }

        return QueryRules.IsApproved(state, query, at) ? QueryStatus.Approved : QueryStatus.AwaitingApproval;
    }
}
