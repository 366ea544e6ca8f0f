using System.Collections.Immutable;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Protocol.Fold;

/// <summary>Questions about a query that the fold, the node and the clients all ask.</summary>
public static class QueryRules
{
    /// <summary>Says why nothing more may happen to a query; null while something may.</summary>
    public static Refusal? WhyEnded(CollaborationState state, QueryState query, Timestamp at)
    {
        if (query.Stopped is { } stopped)
        {
            return stopped;
        }

        if (query.RefusedBy is { } refused)
        {
            return new(RefusalCode.QueryNotApproved, "a query that no approver has refused", $"refused by {refused.By.Collaborator}/{refused.By.Member}");
        }

        if (RevokedAuthor(state, query) is { } revoked)
        {
            return revoked;
        }

        if (query.Query.ContractDigest != state.ActiveContract)
        {
            return new(RefusalCode.ContractConflict, $"a query under the contract in force, {state.ActiveContract?.Abbreviated}", query.Query.ContractDigest.Abbreviated);
        }

        if (at >= query.Query.Expires)
        {
            return new(RefusalCode.Stale, $"a time before the query expires, {query.Query.Expires}", $"{at}");
        }

        return Withdrawn(state, query);
    }

    /// <summary>Says why a committed answer is not served any more; null while it is. Spec: contracts/spec/0013 s.5.</summary>
    /// <remarks>A query's own expiry bounds its runs, not the answer that a run has given.</remarks>
    public static Refusal? WhyNotServed(CollaborationState state, QueryState query, RunState run, Timestamp at)
    {
        if ((state.WhyNotActive(at) ?? query.Stopped ?? RevokedAuthor(state, query) ?? WhyExpired(state, query, run, at)) is { } ended)
        {
            return ended;
        }

        if (run.Receipt is not { } receipt || state.RevokedMeasurements.Contains(state.Nodes[receipt.Signatures[0].KeyId].Measurement))
        {
            return new(RefusalCode.Revoked, "an answer by code whose measurement stands", run.Receipt is null ? "no receipt" : "a revoked measurement");
        }

        return Withdrawn(state, query);
    }

    /// <summary>Says why an answer is not kept any more: its contract's retention is over; null while it is kept.</summary>
    public static Refusal? WhyExpired(CollaborationState state, QueryState query, RunState run, Timestamp at)
    {
        var days = state.Contracts[query.Query.ContractDigest].Contract.Output.RetentionDays;
        return run.ResultAt is { } answered && at.Value - answered.Value >= TimeSpan.FromDays(days)
            ? new(RefusalCode.Stale, $"an answer of the last {days} days", $"one of {answered}")
            : null;
    }

    /// <summary>Says why a verdict is not the one on this query; null when it is.</summary>
    public static Refusal? WrongVerdict(CollaborationState state, QueryState query, Digest verdictDigest)
    {
        if (!state.Verdicts.TryGetValue(verdictDigest, out var verdict))
        {
            return new(RefusalCode.QueryNotApproved, "a verdict of this ledger", verdictDigest.Abbreviated);
        }

        // The verdict names what the bound plan reads. A query that lists less would leave an owner out.
        var reads = verdict.Inputs.Select(input => input.Dataset).Order(StringComparer.Ordinal);
        if (!reads.SequenceEqual(query.Query.Inputs.Select(input => input.Dataset).Order(StringComparer.Ordinal), StringComparer.Ordinal))
        {
            return new(
                RefusalCode.QueryRefused,
                $"inputs {string.Join(", ", verdict.Inputs.Select(input => input.Dataset))}",
                string.Join(", ", query.Query.Inputs.Select(input => input.Dataset)));
        }

        // The text's digest last: this is asked of every verdict in the ledger.
        var isOnQuery = verdict.ContractDigest == query.Query.ContractDigest
            && verdict.Analyst == query.Query.Analyst
            && verdict.Receivers.SequenceEqual(query.Query.Receivers, StringComparer.Ordinal)
            && verdict.TextDigest == QueryText.DigestOf(state.Contracts[query.Query.ContractDigest].Contract, query.Query);
        if (!isOnQuery)
        {
            return new(RefusalCode.QueryNotApproved, "the verdict on this query", "a verdict on another");
        }

        return verdict.Decision == VerdictDecision.Refuse
            ? new(RefusalCode.QueryRefused, "a verdict that allows", string.Join(", ", verdict.Codes))
            : WrongBudget(state.Contracts[query.Query.ContractDigest], verdict);
    }

    /// <summary>Returns the verdicts of the ledger that are on a query, in no order.</summary>
    public static IEnumerable<Digest> VerdictsOn(CollaborationState state, QueryState query) =>
        state.Verdicts.Keys.Where(digest => WrongVerdict(state, query, digest) is null);

    /// <summary>Returns the verdict that approvals of a query are about; null when there is none.</summary>
    /// <remarks>Several verdicts on one text are possible across builds; the same order for everyone lets approvals meet on one.</remarks>
    public static Digest? VerdictToApprove(CollaborationState state, QueryState query) => VerdictsOn(state, query)
        .OrderBy(digest => digest.ToString(), StringComparer.Ordinal)
        .Select(digest => (Digest?)digest)
        .FirstOrDefault();

    /// <summary>Says whether a query has all approvals under one of its verdicts.</summary>
    public static bool IsApproved(CollaborationState state, QueryState query, Timestamp at) =>
        VerdictsOn(state, query).Any(digest => Missing(state, query, digest, at).TryGet(out var missing, out _) && missing.IsEmpty);

    /// <summary>Returns whose approval a query needs under a verdict: from the contract and what the bound plan reads.</summary>
    public static Result<ImmutableArray<ApproverNeed>> Needs(CollaborationState state, QueryState query, Digest verdictDigest) =>
        RequiredApprovers.Of(
            state.Contracts[query.Query.ContractDigest].Contract,
            [.. state.Verdicts[verdictDigest].Inputs.Select(input => input.Dataset)],
            query.Query.Analyst,
            query.Query.TemplateDigest);

    /// <summary>Says which approvals are still missing; null when none is.</summary>
    public static Refusal? WhyNotApproved(CollaborationState state, QueryState query, Digest verdictDigest, Timestamp at)
    {
        if (!Missing(state, query, verdictDigest, at).TryGet(out var missing, out var refusals))
        {
            return refusals[0];
        }

        return missing.IsEmpty
            ? null
            : new(
                RefusalCode.QueryNotApproved,
                string.Join(", ", missing.Select(m => $"{m.Members} more approval(s) by {m.Collaborator}")),
                $"{Approving(state, query, verdictDigest, at).Length} approval(s)");
    }

    /// <summary>Returns what is missing, collaborator by collaborator; empty when the query may run.</summary>
    public static Result<ImmutableArray<MissingApproval>> Missing(CollaborationState state, QueryState query, Digest verdictDigest, Timestamp at) =>
        Needs(state, query, verdictDigest).Then(needs => Result.Accept(ApprovalCount.Missing(
            needs.Where(need => !IsStanding(state, need)), query.Author, Approving(state, query, verdictDigest, at))));

    /// <summary>Says whether the contract itself meets a need: it has a standing approval, and runs of it are left. Spec: contracts/spec/0002 s.6.</summary>
    public static bool IsStanding(CollaborationState state, ApproverNeed need) =>
        need.Standing is { } standing && StandingRuns(state, standing) < standing.MaxRuns;

    /// <summary>Returns whose approval counts under a verdict: those who signed it, and those whose rule gives it.</summary>
    public static ImmutableArray<Signatory> Approving(CollaborationState state, QueryState query, Digest verdictDigest, Timestamp at) =>
    [
        .. query.Decisions.Where(decision => Counts(state, decision, verdictDigest, at)).Select(decision => decision.By),
        .. ApprovalRuleCoverage.Approving(state, query, verdictDigest, at).Where(by => !IsRevoked(state, by)),
    ];

    /// <summary>Says whether a decision counts as an approval under a verdict.</summary>
    public static bool Counts(CollaborationState state, DecisionState decision, Digest verdictDigest, Timestamp at) =>
        !IsRevoked(state, decision.By)
        && decision.Approval.Decision == ApprovalDecision.Approve
        && decision.Approval.VerdictDigest == verdictDigest
        && decision.Approval.Conditions.Expires > at;

    /// <summary>Says whether what somebody signed counts no longer: a revoked key may have been in other hands.</summary>
    public static bool IsRevoked(CollaborationState state, Signatory signatory) =>
        !state.Members.TryGetValue(KeyId.Of(signatory.SignKey.Span), out var member) || member.RevokedSequence is not null;

    /// <summary>Returns how many runs the author and all approvers allow together.</summary>
    public static int AllowedRuns(QueryState query) => query.Decisions
        .Select(decision => decision.Approval.Conditions.MaxRuns)
        .Append(query.Query.Runs)
        .Min();

    /// <summary>Says which lifetime or daily cap a further charge would break; null when none.</summary>
    /// <remarks>The daily figure is a rate limit; the lifetime cap carries the guarantee. No amendment gives back what was spent.</remarks>
    public static Refusal? WhyOverBudget(CollaborationState state, IEnumerable<BudgetCharge> costs, Timestamp at)
    {
        var runs = state.Queries.Values.SelectMany(query => query.Runs).ToList();
        foreach (var cost in costs)
        {
            if (state.Active!.FindDataset(cost.Dataset)?.Policy.Access is not { } access)
            {
                return new(RefusalCode.DatasetUnknown, "a dataset of the contract", cost.Dataset);
            }

            var lifetime = Spent(runs, cost.Dataset) + cost.Queries;
            if (lifetime > access.QueriesLifetime)
            {
                return new(RefusalCode.BudgetExhausted, $"at most {access.QueriesLifetime} queries on {cost.Dataset} in all", $"{lifetime}");
            }

            var today = Spent(runs.Where(run => at.Value - run.ChargedAt.Value < TimeSpan.FromDays(1)), cost.Dataset) + cost.Queries;
            if (today > access.QueriesPerDay)
            {
                return new(RefusalCode.BudgetExhausted, $"at most {access.QueriesPerDay} queries on {cost.Dataset} in a day", $"{today}");
            }

            if (WhyOverPrivacy(state, cost, costs) is { } spent)
            {
                return spent;
            }
        }

        return null;
    }

    /// <summary>Returns what was spent of a dataset's budget of privacy: by every run that read a dataset of its owner and unit domain.</summary>
    /// <remarks>
    /// One answer's noise hides a person in all tables of a domain, so a run counts once however many of them it read. Where the owner lets the
    /// budget begin anew with a version, runs on the current version count.
    /// </remarks>
    public static PrivacyLimit PrivacySpent(CollaborationState state, Dataset dataset)
    {
        var version = state.CurrentDataset(dataset.SqlName)?.Digest;
        var isRenewed = dataset.Policy.Dp?.Refresh == BudgetRefresh.DatasetVersion;
        var costs = state.Queries.Values
            .Where(query => !isRenewed || query.Query.Inputs.Any(input => input.ManifestDigest == version))
            .SelectMany(query => query.Runs)
            .Select(run => Shared(run.Charge.Costs, dataset.Owner, dataset.Policy.Unit?.Domain))
            .ToList();
        return new PrivacyLimit(costs.Sum(cost => cost.NanoRho), costs.Sum(cost => cost.AttoDelta));
    }

    private static Refusal? WhyOverPrivacy(CollaborationState state, BudgetCharge cost, IEnumerable<BudgetCharge> costs)
    {
        if (!state.Active!.Limits.TryGetValue(cost.Dataset, out var limit))
        {
            return null;
        }

        var spent = PrivacySpent(state, state.Active.FindDataset(cost.Dataset)!);
        var further = Shared(costs, cost.Owner, cost.Domain);
        var (nanoRho, attoDelta) = ((Int128)spent.NanoRho + further.NanoRho, (Int128)spent.AttoDelta + further.AttoDelta);
        return nanoRho <= limit.NanoRho && attoDelta <= limit.AttoDelta
            ? null
            : new(
                RefusalCode.BudgetExhausted,
                $"at most {limit.NanoRho} billionths of rho and {limit.AttoDelta} of delta x 10^18 on {cost.Dataset} in all",
                $"{nanoRho} and {attoDelta}");
    }

    /// <summary>Returns what the costs of one run take of an owner's budget in a unit domain: the largest over its datasets, once.</summary>
    /// <param name="costs">The costs of a charge or a verdict.</param>
    /// <param name="owner">The owner.</param>
    /// <param name="domain">The unit domain; null for none.</param>
    public static PrivacyLimit Shared(IEnumerable<BudgetCharge> costs, string owner, string? domain)
    {
        var shared = costs.Where(cost => cost.Owner == owner && cost.Domain == domain).ToList();
        return new PrivacyLimit(shared.Select(cost => cost.NanoRho).DefaultIfEmpty().Max(), shared.Select(cost => cost.AttoDelta).DefaultIfEmpty().Max());
    }

    /// <summary>The most cells that are offered of one dataset version, whatever a contract says. Spec: contracts/spec/0015 s.2.</summary>
    public const int MaxCells = 4_096;

    /// <summary>Says which dataset version has no cells left for what a verdict offers to the audit of earlier answers; null when all have.</summary>
    /// <remarks>
    /// Cells are counted when they are offered: how many were released depends on the data. The same plan over the same versions offers nothing new;
    /// over another version of any of its inputs, the asker's own among them, it does.
    /// </remarks>
    /// <param name="state">The ledger's state.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="query">The query that is to be charged; null for one that is not there yet, which reads the current versions.</param>
    public static Refusal? WhyHistoryFull(CollaborationState state, Verdict verdict, QueryState? query = null)
    {
        var versions = query is null
            ? [.. verdict.Inputs.Select(input => state.CurrentDataset(input.Dataset)).OfType<DatasetState>().Select(dataset => dataset.Digest)]
            : Versions(query);
        foreach (var input in verdict.Inputs.Where(input => input.Cells > 0))
        {
            if (versions.Where(digest => state.Datasets[digest].Manifest.Dataset == input.Dataset).ToList() is not [var version]
                || state.Active?.FindDataset(input.Dataset) is not { } dataset)
            {
                continue;
            }

            var offered = state.Queries.Values
                .Where(other => Versions(other).Contains(version))
                .SelectMany(other => other.Runs.Select(run => (Verdict: state.Verdicts[run.Charge.VerdictDigest], Versions: Versions(other))))
                .Append((Verdict: verdict, Versions: versions))
                .GroupBy(one => Offer(one.Verdict, one.Versions), StringComparer.Ordinal)
                .Sum(same => same.Max(one => CellsOf(one.Verdict, input.Dataset)));
            var most = Math.Min(MaxCells, dataset.Policy.Threshold.MaxCells);
            if (offered > most)
            {
                return new(RefusalCode.BudgetExhausted, $"at most {most} cells offered of {input.Dataset}", $"{offered}");
            }
        }

        return null;
    }

    /// <summary>Returns how many cells the history of an input has counted for the plan of a run: answers to it over the same versions.</summary>
    public static int CellsCounted(CollaborationState state, QueryState query, RunState run, string dataset)
    {
        var offer = Offer(state.Verdicts[run.Charge.VerdictDigest], Versions(query));
        return (int)state.Queries.Values
            .SelectMany(other => other.Runs.Where(earlier => earlier.Result is not null)
                .Select(earlier => (Verdict: state.Verdicts[earlier.Charge.VerdictDigest], Versions: Versions(other))))
            .Where(one => Offer(one.Verdict, one.Versions) == offer)
            .Select(one => CellsOf(one.Verdict, dataset))
            .DefaultIfEmpty()
            .Max();
    }

    /// <summary>What a run offers is known by: its plan, and the versions that it reads.</summary>
    private static string Offer(Verdict verdict, ImmutableArray<Digest> versions) =>
        string.Join(' ', versions.Select(version => version.ToString()).Order(StringComparer.Ordinal).Prepend($"{verdict.PlanDigest}"));

    private static ImmutableArray<Digest> Versions(QueryState query) => [.. query.Query.Inputs.Select(input => input.ManifestDigest)];

    private static long CellsOf(Verdict verdict, string dataset) => verdict.Inputs.Where(input => input.Dataset == dataset).Sum(input => (long)input.Cells);

    private static int StandingRuns(CollaborationState state, StandingApproval standing) => state.Queries.Values
        .Where(query => query.Query.TemplateDigest == standing.TemplateDigest && standing.Analysts.Contains(query.Query.Analyst))
        .Sum(query => query.Runs.Length);

    private static long Spent(IEnumerable<RunState> runs, string dataset) =>
        runs.SelectMany(run => run.Charge.Costs).Where(cost => cost.Dataset == dataset).Sum(cost => (long)cost.Queries);

    /// <summary>Each owner whose data a query reads is charged, once, except one who asks for itself alone; a cost is never a refund.</summary>
    private static Refusal? WrongBudget(ContractState contract, Verdict verdict)
    {
        var charged = verdict.Budget.Select(cost => $"{cost.Dataset} of {cost.Owner}").Order(StringComparer.Ordinal);
        var read = verdict.Inputs.Select(input => contract.FindDataset(input.Dataset))
            .Where(dataset => dataset?.Owner != verdict.Analyst || verdict.Receivers.Any(receiver => receiver != verdict.Analyst))
            .Select(dataset => $"{dataset?.SqlName} of {dataset?.Owner}")
            .Order(StringComparer.Ordinal);
        return charged.SequenceEqual(read, StringComparer.Ordinal) && verdict.Budget.All(cost => cost is { Queries: > 0, NanoRho: >= 0, AttoDelta: >= 0 })
            ? null
            : new(
                RefusalCode.QueryNotApproved,
                $"a verdict that charges {string.Join(", ", read)}, each once",
                $"one that charges {string.Join(", ", charged)} in {verdict.Budget.Length} entries");
    }

    private static Refusal? RevokedAuthor(CollaborationState state, QueryState query) => IsRevoked(state, query.Author)
        ? new(RefusalCode.MemberRevoked, "a query whose author is not revoked", $"{query.Author.Collaborator}/{query.Author.Member}, revoked")
        : null;

    private static Refusal? Withdrawn(CollaborationState state, QueryState query)
    {
        var withdrawn = query.Query.Inputs.FirstOrDefault(input => !state.Datasets[input.ManifestDigest].IsUsable);
        return withdrawn is null ? null : new(RefusalCode.Revoked, "inputs that stand", $"{withdrawn.Dataset}, withdrawn");
    }
}
