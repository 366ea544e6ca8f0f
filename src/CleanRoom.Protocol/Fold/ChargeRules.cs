using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Fold;

/// <summary>Whether a run may be charged. The node asks before it spends an owner's budget elsewhere; the fold asks of every charge.</summary>
public static class ChargeRules
{
    /// <summary>Says why a run may not be charged at a time; null when it may, as far as this ledger knows.</summary>
    /// <remarks>The owners' budget logs, which count all collaborations, are asked after this. Spec: contracts/spec/0005 s.7, 0016 s.4.</remarks>
    public static Refusal? WhyNotCharged(CollaborationState state, Charge charge, Timestamp at)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(charge);
        if (charge.Collaboration != state.Collaboration)
        {
            return new(RefusalCode.NotPermitted, $"collaboration {state.Collaboration}", $"collaboration {charge.Collaboration}");
        }

        if (state.WhyNotActive(at) is { } inactive)
        {
            return inactive;
        }

        if (!state.FindQuery(charge.QueryDigest).TryGet(out var query, out var unknown))
        {
            return unknown[0];
        }

        return QueryRules.WhyEnded(state, query, at)
            ?? (at < query.Query.NotBefore ? new Refusal(RefusalCode.Stale, $"a time from {query.Query.NotBefore}", $"{at}") : null)
            ?? QueryRules.WrongVerdict(state, query, charge.VerdictDigest)
            ?? QueryRules.WhyNotApproved(state, query, charge.VerdictDigest, at)
            ?? WrongRun(query, charge)
            ?? WrongCosts(state.Verdicts[charge.VerdictDigest], charge)
            ?? QueryRules.WhyOverBudget(state, charge.Costs, at)
            ?? QueryRules.WhyHistoryFull(state, state.Verdicts[charge.VerdictDigest], query);
    }

    private static Refusal? WrongRun(QueryState query, Charge charge)
    {
        if (query.Runs is [.., { IsEnded: false } open])
        {
            return new(RefusalCode.SequenceConflict, "no run under way", $"the run charged at row {open.ChargeSequence}");
        }

        return charge.Run == query.Runs.Length + 1 && charge.Run <= QueryRules.AllowedRuns(query)
            ? null
            : new(RefusalCode.QueryNotApproved, $"run {query.Runs.Length + 1} of at most {QueryRules.AllowedRuns(query)}", $"run {charge.Run}");
    }

    private static Refusal? WrongCosts(Verdict verdict, Charge charge) => charge.Costs.SequenceEqual(verdict.Budget)
        ? null
        : new(RefusalCode.BudgetExhausted, "the costs that the verdict states", "others");
}
