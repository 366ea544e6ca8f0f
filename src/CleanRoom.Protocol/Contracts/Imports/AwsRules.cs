using System.Globalization;
using System.Text.Json;
using CleanRoom.Protocol.Contracts.Rules;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Imports;

/// <summary>Analysis rules of AWS Clean Rooms: what <c>get-configured-table-analysis-rule</c> prints, its <c>policy</c>, or the rule alone.</summary>
/// <remarks>Source: AWS Clean Rooms API reference, AnalysisRuleAggregation, AnalysisRuleList, AnalysisRuleCustom.</remarks>
internal static class AwsRules
{
    public static Result<RuleImport> Read(JsonElement root, PolicyDraft draft)
    {
        var rule = root.Find("analysisRule") ?? root;
        var policy = rule.Find("policy") ?? rule.Find("analysisRulePolicy") ?? rule;
        var v1 = policy.Find("v1", "V1") ?? policy;
        if (v1.Find("aggregation", "Aggregation") is { } aggregation)
        {
            Aggregation(aggregation, draft);
        }
        else if (v1.Find("list", "List") is { } list)
        {
            List(list, draft);
        }
        else if (v1.Find("custom", "Custom") is { } custom)
        {
            Custom(custom, draft);
        }
        else
        {
            return new Refusal(RefusalCode.DocumentInvalid, "an analysis rule with aggregation, list or custom", "none of them");
        }

        return draft.Finish();
    }

    private static void Aggregation(JsonElement rule, PolicyDraft draft)
    {
        draft.DropGrants();
        if (draft.Policy.Tier == PolicyTier.List)
        {
            draft.Policy = draft.Policy with { Tier = PolicyTier.Threshold };
        }

        foreach (var aggregate in Items(rule.Find("aggregateColumns", "AggregateColumns")))
        {
            var function = aggregate.Find("function", "Function").Text() ?? string.Empty;
            foreach (var column in aggregate.Find("columnNames", "ColumnNames").Texts())
            {
                Aggregate($"{Plain(function)} of {Names.Show(column)}", function, column, draft);
            }
        }

        JoinColumns(rule, draft);
        if (rule.Find("joinRequired", "JoinRequired").Text() is { } required)
        {
            draft.Policy = draft.Policy with { Join = draft.Policy.Join with { Required = [JoinWords.Analyst] } };
            draft.Note(ImportOutcome.Kept, $"joinRequired {Plain(required)}", "the dataset is only read together with one of who asks");
        }

        foreach (var column in rule.Find("dimensionColumns", "DimensionColumns").Texts())
        {
            draft.Grant($"dimension {Names.Show(column)}", column, ColumnUse.Group);
            draft.Grant($"dimension {Names.Show(column)}", column, ColumnUse.Filter);
        }

        var functions = rule.Find("scalarFunctions", "ScalarFunctions").Texts();
        if (functions.Count > 0)
        {
            draft.Note(
                ImportOutcome.Stricter, $"scalarFunctions {PeerJson.Shown(functions)}", "functions work on released numbers; columns are grouped as they are or on their grain");
        }

        foreach (var constraint in Items(rule.Find("outputConstraints", "OutputConstraints")))
        {
            Constraint(constraint, draft);
        }

        Additional(rule, draft);
    }

    private static void Aggregate(string rule, string function, string column, PolicyDraft draft)
    {
        switch (function.ToUpperInvariant())
        {
            case "SUM":
                draft.Grant(rule, column, ColumnUse.Sum);
                break;
            case "AVG":
                draft.Grant(rule, column, ColumnUse.Avg);
                break;
            case "COUNT_DISTINCT":
                draft.Grant(rule, column, ColumnUse.CountDistinct);
                break;
            case "COUNT":
                draft.Note(ImportOutcome.Stricter, rule, "count(*) counts rows; a column is counted by its different values alone");
                break;
            default:
                draft.Note(ImportOutcome.NotKept, rule, "the aggregates are count(*), count(DISTINCT column), sum, avg and what follows from sums");
                break;
        }
    }

    private static void Constraint(JsonElement constraint, PolicyDraft draft)
    {
        var column = constraint.Find("columnName", "ColumnName").Text() ?? string.Empty;
        var minimum = constraint.Find("minimum", "Minimum").Number();
        var rule = $"at least {minimum?.ToString(CultureInfo.InvariantCulture) ?? "?"} different {Names.Show(column)}";
        if (minimum is not (>= 0 and <= int.MaxValue) || decimal.Truncate(minimum.Value) != minimum)
        {
            draft.Note(ImportOutcome.NotKept, rule, "a threshold is a whole number");
        }
        else if (draft.Find(column) != draft.Policy.Unit?.Column || draft.Policy.Unit is null)
        {
            draft.Note(
                ImportOutcome.NotKept, rule, $"the threshold counts {draft.Policy.Unit?.Column ?? "the unit"}, the person that a row is of, and no other column");
        }
        else
        {
            draft.RequireUnits(rule, (int)minimum);
        }
    }

    private static void List(JsonElement rule, PolicyDraft draft)
    {
        draft.DropGrants();
        draft.Policy = draft.Policy with { Tier = PolicyTier.List, Dp = null };
        draft.Note(
            ImportOutcome.Stricter,
            "list",
            $"the tier is list: an overlap of fewer than {draft.Policy.Threshold.MinUnits} people is not listed, and receivers are named");
        JoinColumns(rule, draft);
        foreach (var column in rule.Find("listColumns", "ListColumns").Texts())
        {
            draft.Grant($"list {Names.Show(column)}", column, ColumnUse.List);
        }

        Additional(rule, draft);
    }

    private static void Custom(JsonElement rule, PolicyDraft draft)
    {
        var allowed = rule.Find("allowedAnalyses", "AllowedAnalyses").Texts();
        var isAny = allowed.Contains("ANY_QUERY", StringComparer.Ordinal);
        draft.Policy = draft.Policy with { Approval = isAny ? QueryApproval.Each : QueryApproval.Template };
        draft.Note(
            ImportOutcome.Stricter,
            isAny ? "allowedAnalyses ANY_QUERY" : $"allowedAnalyses, {allowed.Count} template(s)",
            isAny
                ? "each query is approved by the owner, and held against the grants of the draft"
                : "templates of the contract need no approval, and are held against the grants of the draft; write the templates into the contract");
        if (rule.Find("allowedAnalysisProviders", "AllowedAnalysisProviders").Texts() is { Count: > 0 } providers)
        {
            draft.Note(ImportOutcome.NotKept, $"allowedAnalysisProviders {PeerJson.Shown(providers)}", "account numbers name nobody here: name analysts in the policy");
        }

        foreach (var column in rule.Find("disallowedOutputColumns", "DisallowedOutputColumns").Texts())
        {
            if (draft.Find(column) is { } name)
            {
                draft.Hide(name);
                draft.Note(ImportOutcome.Stricter, $"disallowedOutputColumns {Names.Show(column)}", $"{name} has no use at all");
            }
            else
            {
                draft.Note(ImportOutcome.Kept, $"disallowedOutputColumns {Names.Show(column)}", "there is no such column");
            }
        }

        if (rule.Find("differentialPrivacy", "DifferentialPrivacy") is { } privacy)
        {
            var columns = Items(privacy.Find("columns", "Columns")).Select(item => item.Find("name", "Name").Text()).OfType<string>().ToList();
            draft.Note(
                draft.Policy.Tier == PolicyTier.Dp && columns.All(column => draft.Find(column) == draft.Policy.Unit?.Column)
                    ? ImportOutcome.Kept
                    : ImportOutcome.NotKept,
                $"differentialPrivacy by {PeerJson.Shown(columns)}",
                draft.Policy.Tier == PolicyTier.Dp
                    ? $"the draft's tier is dp, by {draft.Policy.Unit?.Column}, with the budget that it names"
                    : "the budget is in another document: write tier dp with epsilon and delta into the draft");
        }

        Additional(rule, draft);
    }

    private static void JoinColumns(JsonElement rule, PolicyDraft draft)
    {
        foreach (var column in rule.Find("joinColumns", "JoinColumns").Texts())
        {
            draft.Grant($"join {Names.Show(column)}", column, ColumnUse.Join);
        }

        if (rule.Find("allowedJoinOperators", "AllowedJoinOperators").Texts().Contains("OR", StringComparer.OrdinalIgnoreCase))
        {
            draft.Note(ImportOutcome.NotKept, "allowedJoinOperators OR", "all conditions of a join hold together");
        }
    }

    private static void Additional(JsonElement rule, PolicyDraft draft)
    {
        if (rule.Find("additionalAnalyses", "AdditionalAnalyses").Text() is { } additional && additional != "NOT_ALLOWED")
        {
            draft.Note(ImportOutcome.NotKept, $"additionalAnalyses {Plain(additional)}", "an answer is an answer: nothing else is run on rows");
        }
    }

    private static List<JsonElement> Items(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    private static string Plain(string text) => Names.Show(text).Trim('\'');
}
