using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Policy.Verdicts;

/// <summary>Quotes the owners' rules from the contract and says what would pass, of the question and of the contract.</summary>
internal static class RuleQuotes
{
    /// <summary>Returns the rules behind one party's findings, each once for a code.</summary>
    public static ImmutableArray<OwnerRule> Of(ContractText contract, IEnumerable<Finding> findings) =>
    [
        .. findings.SelectMany(finding => finding.Rules.Select(rule => (finding.Code, Rule: rule))).Distinct()
            .Select(one => Quote(contract, one.Code, one.Rule)),
    ];

    /// <summary>Returns the rules by which an owner is asked.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="datasets">The owner's datasets in the query.</param>
    /// <param name="isTemplate">Whether the query is a template of the contract, which some rules let pass unasked.</param>
    public static ImmutableArray<OwnerRule> OfApproval(ContractText contract, IEnumerable<Dataset> datasets, bool isTemplate) =>
    [
        .. datasets
            .Where(dataset => dataset.Policy.Approval is not QueryApproval.None && !(isTemplate && dataset.Policy.Approval is QueryApproval.Template))
            .Select(dataset => Quote(contract, OwnerRule.NeedsApproval, RulePlace.Of(dataset, "approval"))),
    ];

    /// <summary>Returns what would pass: for each reason a change of the question, then for each rule the one value with which every reason of a code is gone.</summary>
    public static ImmutableArray<VerdictChange> Changes(ContractText contract, string analyst, IEnumerable<Finding> findings)
    {
        var all = findings.ToList();
        return
        [
            .. all.Select(finding => (finding.Code, finding.Change)).Distinct()
                .Select(one => new VerdictChange { Code = one.Code, By = analyst, Text = one.Change, Pointer = null, Value = null }),
            .. all.Where(finding => finding.Edit is not null)
                .GroupBy(finding => (finding.Code, finding.Edit!.Place))
                .Select(group => Amendment(contract, group.Key.Code, group.First().Party, group.Key.Place, [.. group.Select(finding => finding.Edit!)])),
        ];
    }

    private static OwnerRule Quote(ContractText contract, string code, RulePlace place) =>
        new() { Code = code, Pointer = contract.PointerOf(place), Value = contract.ValueAt(place) };

    private static VerdictChange Amendment(ContractText contract, string code, string owner, RulePlace place, ImmutableArray<RuleEdit> edits)
    {
        var (pointer, value) = (contract.PointerOf(place), contract.ValueAfter(place, edits));
        return new VerdictChange
        {
            Code = code,
            By = owner,
            Text = $"{owner} would {string.Join(" and ", edits.Select(Words))} {pointer} of the contract",
            Pointer = pointer,
            Value = value,
        };
    }

    private static string Words(RuleEdit edit) => edit.Kind switch
    {
        RuleEditKind.Add => $"add {(edit.Operand as JsonString)?.Value} to",
        RuleEditKind.Remove => $"take {(edit.Operand as JsonString)?.Value} out of",
        RuleEditKind.Set => $"set {(edit.Operand as JsonInteger)?.Value} as",
        RuleEditKind.Clear => "take away",
        _ => throw new ArgumentOutOfRangeException(nameof(edit), "wanted an edit of a rule"),
    };
}
