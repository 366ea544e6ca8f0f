using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Fold;

/// <summary>Which queries a member's approval rule covers. Pure. Spec: contracts/spec/0002 s.6.1.</summary>
public static class ApprovalRuleCoverage
{
    /// <summary>Returns the members whose rule approves a query under a verdict at a time.</summary>
    public static IEnumerable<Signatory> Approving(CollaborationState state, QueryState query, Digest verdictDigest, Timestamp at)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.ApprovalRules.Values
            .Where(rule => WhyNotCovered(state, rule, query, verdictDigest, at) is null)
            .OrderBy(rule => rule.Sequence)
            .Select(rule => rule.By);
    }

    /// <summary>Says why a rule does not approve a query under a verdict at a time; null when it does.</summary>
    public static Refusal? WhyNotCovered(CollaborationState state, ApprovalRuleState rule, QueryState query, Digest verdictDigest, Timestamp at)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(rule);
        if (WhyOver(state, rule, at) is { } over)
        {
            return over;
        }

        if (WhyNotMeant(rule, query, state.Verdicts[verdictDigest]) is { } other)
        {
            return other;
        }

        var runs = Runs(state, rule);
        return runs < rule.Rule.Conditions.MaxRuns ? null : Not($"at most {rule.Rule.Conditions.MaxRuns} runs under the rule", $"{runs}");
    }

    /// <summary>Returns the number of runs that a rule's limit has counted: those charged since, of all queries that it means, approved by whom they may be.</summary>
    public static int Runs(CollaborationState state, ApprovalRuleState rule)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(rule);
        return state.Queries.Values.Sum(query => query.Runs.Count(run =>
            run.ChargeSequence > rule.Sequence && WhyNotMeant(rule, query, state.Verdicts[run.Charge.VerdictDigest]) is null));
    }

    /// <summary>Says why a rule has come to its end, whatever is asked; null while it stands.</summary>
    public static Refusal? WhyOver(CollaborationState state, ApprovalRuleState rule, Timestamp at)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.RevokedSequence is { } revoked)
        {
            return new(RefusalCode.Revoked, "a rule that stands", $"taken back at row {revoked}");
        }

        if (rule.Rule.ContractDigest != state.ActiveContract)
        {
            return new(RefusalCode.ContractConflict, $"a rule under the contract in force, {state.ActiveContract?.Abbreviated}", rule.Rule.ContractDigest.Abbreviated);
        }

        return at < rule.Rule.Conditions.Expires ? null : new(RefusalCode.Stale, $"a time before the rule ends, {rule.Rule.Conditions.Expires}", $"{at}");
    }

    /// <summary>Says what of a statement makes no rule of this contract; null when it is one.</summary>
    internal static Refusal? WhyInvalid(ContractState contract, ApprovalRule rule, Timestamp at)
    {
        var (conditions, limit) = (rule.Conditions, rule.Verdict);
        if (conditions.MaxRuns < 1 || conditions.Expires <= at || conditions.Expires > contract.Contract.Expires)
        {
            return Invalid($"at least one run, between now and {contract.Contract.Expires}", $"{conditions.MaxRuns} runs until {conditions.Expires}");
        }

        if (rule.TemplateDigest is { } digest && !contract.Contract.Templates.Any(template => DocumentCodec.DigestOf(template) == digest))
        {
            return new(RefusalCode.QueryRefused, "a template of the contract", digest.Abbreviated);
        }

        return WhyNotListed("authors", rule.Authors, author => author.Split('/') is [var collaborator, { Length: > 0 }] && contract.Find(collaborator) is not null)
            ?? WhyNotListed("receivers", rule.Receivers, id => contract.Find(id) is not null)
            ?? WhyNotListed("inputs", [.. rule.Inputs.Select(input => input.Dataset)], name => contract.FindDataset(name) is not null)
            ?? (limit is { MaxNanoRho: >= 0, MaxAttoDelta: >= 0, MaxCells: >= 0 } ? null : Invalid("limits of at least 0", "less"))
            ?? WhyParametersInvalid(contract, rule);
    }

    private static Refusal? WhyParametersInvalid(ContractState contract, ApprovalRule rule)
    {
        var template = contract.Contract.Templates.FirstOrDefault(template => DocumentCodec.DigestOf(template) == rule.TemplateDigest);
        foreach (var (name, limit) in rule.Parameters)
        {
            if (template?.Parameters.Any(parameter => parameter.Name == name) != true)
            {
                return Invalid("parameters of the rule's template", name);
            }

            if (limit.Values.IsEmpty == (limit.Min is null && limit.Max is null))
            {
                return Invalid($"either values or a range for {name}", "another limit");
            }
        }

        return null;
    }

    private static Refusal? WhyNotMeant(ApprovalRuleState state, QueryState asked, Verdict verdict)
    {
        var (rule, query) = (state.Rule, asked.Query);
        var author = $"{asked.Author.Collaborator}/{asked.Author.Member}";
        if (query.ContractDigest != rule.ContractDigest)
        {
            return Not("a query under the rule's contract", "one under another");
        }

        if (rule.TemplateDigest is { } template && query.TemplateDigest != template)
        {
            return Not($"template {template.Abbreviated}", query.TemplateDigest?.Abbreviated ?? "free SQL");
        }

        if (!rule.Authors.Contains(author) && !rule.Authors.Contains($"{query.Analyst}/*"))
        {
            return Not($"a query by {string.Join(", ", rule.Authors)}", author);
        }

        return Beyond("receivers", rule.Receivers, query.Receivers)
            ?? Beyond("datasets", [.. rule.Inputs.Select(input => input.Dataset)], verdict.Inputs.Select(input => input.Dataset))
            ?? Beyond(
                "versions",
                [.. rule.Inputs.Select(input => input.ManifestDigest).OfType<Digest>().Select(digest => digest.ToString())],
                query.Inputs.Where(input => rule.Inputs.Any(allowed => allowed.Dataset == input.Dataset && allowed.ManifestDigest is not null))
                    .Select(input => input.ManifestDigest.ToString()))
            ?? WhyParametersBeyond(rule, query)
            ?? WhyCostsBeyond(rule.Verdict, state.By.Collaborator, verdict);
    }

    private static Refusal? Beyond(string what, ImmutableArray<string> allowed, IEnumerable<string> asked) =>
        asked.FirstOrDefault(one => !allowed.Contains(one)) is { } other ? Not($"{what} among {string.Join(", ", allowed)}", other) : null;

    private static Refusal? WhyParametersBeyond(ApprovalRule rule, Query query)
    {
        foreach (var (name, limit) in rule.Parameters)
        {
            if (!query.Parameters.TryGetValue(name, out var value) || !IsWithin(limit, value))
            {
                return Not($"{name} within {(limit.Values.IsEmpty ? $"{limit.Min} to {limit.Max}" : string.Join(", ", limit.Values))}", value ?? "none");
            }
        }

        return null;
    }

    private static bool IsWithin(ParameterLimit limit, string value) => !limit.Values.IsEmpty
        ? limit.Values.Contains(value)
        : decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && !(number < limit.Min) && !(number > limit.Max);

    private static Refusal? WhyCostsBeyond(VerdictLimit limit, string collaborator, Verdict verdict)
    {
        var own = verdict.Budget.Where(cost => cost.Owner == collaborator).ToList();
        var cells = verdict.Inputs.Where(input => own.Exists(cost => cost.Dataset == input.Dataset)).Select(input => input.Cells).DefaultIfEmpty().Max();
        var (nanoRho, attoDelta) = (own.Select(cost => cost.NanoRho).DefaultIfEmpty().Max(), own.Select(cost => cost.AttoDelta).DefaultIfEmpty().Max());
        return nanoRho <= limit.MaxNanoRho && attoDelta <= limit.MaxAttoDelta && cells <= limit.MaxCells
            ? null
            : Not($"a cost of at most {limit.MaxNanoRho}, {limit.MaxAttoDelta} and {limit.MaxCells} cells", $"{nanoRho}, {attoDelta} and {cells} cells");
    }

    private static Refusal? WhyNotListed(string what, ImmutableArray<string> list, Func<string, bool> isKnown)
    {
        var unknown = list.FirstOrDefault(one => !isKnown(one));
        return list.IsEmpty || unknown is not null || list.Distinct(StringComparer.Ordinal).Count() != list.Length
            ? Invalid($"{what} of the contract, at least one and each once", unknown is null ? $"{list.Length}" : Contracts.Rules.Names.Show(unknown))
            : null;
    }

    private static Refusal Not(string wanted, string got) => new(RefusalCode.QueryNotApproved, wanted, got);

    private static Refusal Invalid(string wanted, string got) => new(RefusalCode.DocumentInvalid, wanted, got);
}
