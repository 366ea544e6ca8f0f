using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Client.Queries;

/// <summary>Says in plain words what an approval rule lets through. Spec: contracts/spec/0002 s.6.1.</summary>
public static class ApprovalRuleWords
{
    /// <summary>Returns the rule, a line for each limit, the first with its member.</summary>
    /// <param name="state">The ledger, for the rule's template and the runs that it has covered.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="at">The moment at which it stands or not.</param>
    public static ImmutableArray<string> Of(CollaborationState state, ApprovalRuleState rule, Timestamp at)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(rule);
        var document = rule.Rule;
        var used = ApprovalRuleCoverage.Runs(state, rule);
        return
        [
            $"rule {rule.Digest.Abbreviated} of {rule.By.Collaborator}/{rule.By.Member} approves {Text(state, document)}, unread: {document.Reason}",
            $"  asked by {string.Join(", ", document.Authors.Select(Author))}; answers to {string.Join(", ", document.Receivers)} alone",
            $"  reading {string.Join(", ", document.Inputs.Select(input => Input(state, document, input)))} alone",
            .. document.Parameters.Select(limit => $"  with {limit.Key} {Limit(limit.Value)}"),
            $"  costing {rule.By.Collaborator} at most {document.Verdict.MaxNanoRho} billionths of rho, {document.Verdict.MaxAttoDelta} of delta x 10^18 "
                + $"and {document.Verdict.MaxCells} cells a run",
            $"  {used} of {document.Conditions.MaxRuns} runs used, until {document.Conditions.Expires}"
                + (ApprovalRuleCoverage.WhyOver(state, rule, at) is { } over ? $"; it is over: {over.Got}" : string.Empty),
        ];
    }

    private static string Text(CollaborationState state, ApprovalRule rule) => rule.TemplateDigest is { } digest
        ? $"template {state.Contracts.GetValueOrDefault(rule.ContractDigest)?.Contract.Templates.FirstOrDefault(t => DocumentCodec.DigestOf(t) == digest)?.Name ?? digest.Abbreviated}"
        : "any SQL that the contract allows";

    private static string Author(string author) => author.EndsWith("/*", StringComparison.Ordinal) ? $"any analyst of {author[..^2]}" : author;

    private static string Input(CollaborationState state, ApprovalRule rule, RuleInput input)
    {
        var isListed = state.Contracts.GetValueOrDefault(rule.ContractDigest)?.FindDataset(input.Dataset)?.Policy.Tier == PolicyTier.List;
        var version = input.ManifestDigest is { } only ? $" in version {only.Abbreviated}" : string.Empty;
        return $"{input.Dataset}{version}{(isListed ? " (rows of single people)" : string.Empty)}";
    }

    private static string Limit(ParameterLimit limit) => limit switch
    {
        { Values.IsEmpty: false } => $"one of {string.Join(", ", limit.Values)}",
        { Min: { } min, Max: { } max } => string.Create(CultureInfo.InvariantCulture, $"from {min} to {max}"),
        { Min: { } min } => string.Create(CultureInfo.InvariantCulture, $"from {min}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"up to {limit.Max}"),
    };
}
