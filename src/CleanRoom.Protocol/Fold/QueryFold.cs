using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Fold;

/// <summary>Queries, verdicts and decisions, up to the charge.</summary>
internal static class QueryFold
{
    /// <summary>The most runs that one query document may ask for.</summary>
    private const int MaxRuns = 1000;

    public static Result<CollaborationState> Apply(FoldInput input, Query query)
    {
        if ((input.WrongCollaboration(query.Collaboration) ?? input.WrongContract(query.ContractDigest)) is { } wrong)
        {
            return wrong;
        }

        var active = input.State.Active!;
        if ((WrongTerms(input, active, query) ?? WrongInputs(input.State, query)) is { } refusal)
        {
            return refusal;
        }

        return input.SigningMember(MemberRole.Analyst).Then<CollaborationState>(member =>
        {
            if (member.Delegation.Collaborator != query.Analyst)
            {
                return new Refusal(RefusalCode.NotPermitted, $"an analyst of {query.Analyst}", member.Name);
            }

            var state = new QueryState(query, input.PayloadDigest, input.Row.Envelope, member.Signatory, input.Sequence);
            return input.State with { Queries = input.State.Queries.Add(state.Digest, state) };
        });
    }

    public static Result<CollaborationState> Apply(FoldInput input, Verdict verdict) =>
        verdict.ContractDigest != input.State.ActiveContract
            ? new Refusal(RefusalCode.ContractConflict, $"a verdict under {input.State.ActiveContract?.Abbreviated}", verdict.ContractDigest.Abbreviated)
            : input.SigningNode().Then(_ => Result.Accept(input.State with
            {
                Verdicts = input.State.Verdicts.SetItem(input.PayloadDigest, verdict),
            }));

    public static Result<CollaborationState> Apply(FoldInput input, Approval approval)
    {
        if (input.WrongCollaboration(approval.Collaboration) is { } elsewhere)
        {
            return elsewhere;
        }

        if (input.ConsistentCheckpoint(approval.Checkpoint) is { IsAccepted: false } inconsistent)
        {
            return inconsistent.Refusals;
        }

        if (input.WrongContract(approval.ContractDigest) is { } wrong)
        {
            return wrong;
        }

        if (!input.State.FindQuery(approval.Subject).TryGet(out var query, out var unknown))
        {
            return unknown;
        }

        if ((QueryRules.WhyEnded(input.State, query, input.Time) ?? QueryRules.WrongVerdict(input.State, query, approval.VerdictDigest)) is { } refusal)
        {
            return refusal;
        }

        return input.SigningMember(MemberRole.Approver, MemberRole.Owner)
            .Then(member => Decide(input, query, approval, member));
    }

    public static Result<CollaborationState> Apply(FoldInput input, ApprovalRule rule)
    {
        if (input.WrongCollaboration(rule.Collaboration) is { } elsewhere)
        {
            return elsewhere;
        }

        if (input.ConsistentCheckpoint(rule.Checkpoint) is { IsAccepted: false } inconsistent)
        {
            return inconsistent.Refusals;
        }

        if ((input.WrongContract(rule.ContractDigest) ?? ApprovalRuleCoverage.WhyInvalid(input.State.Active!, rule, input.Time)) is { } wrong)
        {
            return wrong;
        }

        return input.SigningMember(MemberRole.Approver, MemberRole.Owner).Then<CollaborationState>(member =>
        {
            var owned = rule.Inputs.Any(dataset => input.State.Active!.FindDataset(dataset.Dataset)?.Owner == member.Delegation.Collaborator);
            return owned
                ? input.State with
                {
                    ApprovalRules = input.State.ApprovalRules.Add(input.PayloadDigest, new ApprovalRuleState(rule, input.PayloadDigest, member.Signatory, input.Sequence)),
                }
                : new Refusal(RefusalCode.NotPermitted, "a collaborator that owns one of the inputs", member.Name);
        });
    }

    public static Result<CollaborationState> Apply(FoldInput input, Cancellation cancellation)
    {
        if (input.WrongCollaboration(cancellation.Collaboration) is { } wrong)
        {
            return wrong;
        }

        if (!input.State.FindQuery(cancellation.QueryDigest).TryGet(out var query, out var unknown))
        {
            return unknown;
        }

        return QueryRules.WhyEnded(input.State, query, input.Time) is { } ended
            ? ended
            : input.SigningMember().Then(member => Stop(input, query, member, RefusalCode.QueryCancelled, "cancelled"));
    }

    /// <summary>Ends a query for its author or the owner of an input; nobody else may.</summary>
    public static Result<CollaborationState> Stop(FoldInput input, QueryState query, MemberState member, RefusalCode code, string verb)
    {
        var collaborator = member.Delegation.Collaborator;
        var isAuthor = member.Signatory == query.Author;
        var isOwner = member.Has(MemberRole.Owner) && query.Query.Inputs.Any(i => input.State.Datasets[i.ManifestDigest].Owner == collaborator);
        if (input.State.Active?.IsMember(member) != true || !(isAuthor || isOwner))
        {
            return new Refusal(RefusalCode.NotPermitted, "the query's author or an owner of one of its inputs", member.Name);
        }

        var stopped = new Refusal(code, "a query that nobody has stopped", $"{verb} by {member.Name} at row {input.Sequence}");
        return input.State with { Queries = input.State.Queries.SetItem(query.Digest, query with { Stopped = stopped }) };
    }

    private static Result<CollaborationState> Decide(FoldInput input, QueryState query, Approval approval, MemberState member)
    {
        if (!QueryRules.Needs(input.State, query, approval.VerdictDigest).TryGet(out var needs, out var refusals))
        {
            return refusals;
        }

        if (!needs.Any(need => need.Collaborator == member.Delegation.Collaborator))
        {
            return new Refusal(RefusalCode.NotPermitted, "a collaborator whose approval the contract asks for", member.Name);
        }

        if (query.Decisions.Any(decision => decision.By == member.Signatory))
        {
            return new Refusal(RefusalCode.Replayed, "one decision by each member", $"a second by {member.Name}");
        }

        if (approval.Decision == ApprovalDecision.Approve && (approval.Conditions.MaxRuns < 1 || approval.Conditions.Expires <= input.Time))
        {
            return new Refusal(
                RefusalCode.DocumentInvalid,
                "conditions that allow at least one run from now on",
                $"{approval.Conditions.MaxRuns} runs until {approval.Conditions.Expires}");
        }

        var decision = new DecisionState(approval, member.Signatory, input.Sequence);
        return input.State with
        {
            Queries = input.State.Queries.SetItem(query.Digest, query with { Decisions = query.Decisions.Add(decision) }),
        };
    }

    private static Refusal? WrongTerms(FoldInput input, ContractState active, Query query)
    {
        if (query.Sql is null == query.TemplateDigest is null)
        {
            return new(RefusalCode.DocumentInvalid, "either SQL or a template", query.Sql is null ? "neither" : "both");
        }

        if (query.TemplateDigest is { } template && !active.Contract.Templates.Any(t => DocumentCodec.DigestOf(t) == template))
        {
            return new(RefusalCode.QueryRefused, "a template of the contract", template.Abbreviated);
        }

        if (query.Sql is not null && !query.Parameters.IsEmpty)
        {
            return new(RefusalCode.DocumentInvalid, "parameters with a template alone", $"{query.Parameters.Count} with SQL");
        }

        if (query.Runs is < 1 or > MaxRuns)
        {
            return new(RefusalCode.DocumentInvalid, $"1 to {MaxRuns} runs", $"{query.Runs}");
        }

        if (query.Expires <= input.Time || query.Expires > active.Contract.Expires || query.NotBefore >= query.Expires)
        {
            return new(RefusalCode.Stale, $"a query that expires between now and {active.Contract.Expires}", $"{query.NotBefore} to {query.Expires}");
        }

        return query.Receivers.IsEmpty || query.Receivers.Any(r => active.Find(r) is null) || query.Receivers.Distinct().Count() != query.Receivers.Length
            ? new(RefusalCode.DocumentInvalid, "receivers that are collaborators, each once", $"{query.Receivers.Length} receivers of another kind")
            : null;
    }

    private static Refusal? WrongInputs(CollaborationState state, Query query)
    {
        if (query.Inputs.IsEmpty || query.Inputs.DistinctBy(i => i.Dataset).Count() != query.Inputs.Length)
        {
            return new(RefusalCode.DocumentInvalid, "each input once", $"{query.Inputs.Length} inputs");
        }

        var unusable = query.Inputs.FirstOrDefault(i => state.CurrentDataset(i.Dataset)?.Digest != i.ManifestDigest);
        return unusable is null
            ? null
            : new(
                RefusalCode.DatasetUnknown,
                $"the newest usable version of {unusable.Dataset}, {state.CurrentDataset(unusable.Dataset)?.Digest.Abbreviated ?? "none yet"}",
                unusable.ManifestDigest.Abbreviated);
    }
}
