using System.Globalization;
using System.Text.Json;
using CleanRoom.Protocol.Contracts.Rules;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Imports;

/// <summary>The <c>privacy_policy</c> of a BigQuery view: aggregation threshold, differential privacy, join restriction.</summary>
/// <remarks>Source: BigQuery REST reference, PrivacyPolicy. BigQuery lets every column be used, so the draft's grants stay as they are.</remarks>
internal static class BigQueryRules
{
    private const decimal FloorDelta = 0.000001m;

    public static Result<RuleImport> Read(JsonElement root, PolicyDraft draft)
    {
        var policy = root.Find("privacy_policy", "privacyPolicy") ?? root;
        var threshold = policy.Find("aggregation_threshold_policy", "aggregationThresholdPolicy");
        var privacy = policy.Find("differential_privacy_policy", "differentialPrivacyPolicy");
        var join = policy.Find("join_restriction_policy", "joinRestrictionPolicy");
        if (threshold is null && privacy is null && join is null)
        {
            return new Refusal(
                RefusalCode.DocumentInvalid, "a privacy policy with an aggregation threshold, differential privacy or a join restriction", "none of them");
        }

        draft.Note(ImportOutcome.Stricter, "columns", "BigQuery lets a query use every column; here the grants of the draft hold");
        if (threshold is { } aggregation)
        {
            Threshold(aggregation, draft);
        }

        if (privacy is { } noise)
        {
            Privacy(noise, draft);
        }

        if (join is { } restriction)
        {
            Join(restriction, draft);
        }

        return draft.Finish();
    }

    private static void Threshold(JsonElement rule, PolicyDraft draft)
    {
        Unit(rule, "privacy_unit_columns", "privacyUnitColumns", "privacy_unit_column", draft);
        if (rule.Find("threshold").Number() is { } minimum and >= 0 and <= int.MaxValue && decimal.Truncate(minimum) == minimum)
        {
            draft.RequireUnits($"threshold {minimum.ToString(CultureInfo.InvariantCulture)}", (int)minimum);
        }
        else
        {
            draft.Note(ImportOutcome.NotKept, "threshold", "a threshold is a whole number");
        }
    }

    private static void Privacy(JsonElement rule, PolicyDraft draft)
    {
        Unit(rule, "privacy_unit_column", "privacyUnitColumn", "privacy_unit_columns", draft);
        var epsilon = rule.Find("epsilon_budget", "epsilonBudget").Number();
        var perQuery = rule.Find("max_epsilon_per_query", "maxEpsilonPerQuery").Number();
        var delta = rule.Find("delta_budget", "deltaBudget").Number() ?? rule.Find("delta_per_query", "deltaPerQuery").Number();
        if (epsilon is not > 0 || perQuery is not > 0 || delta is not >= 0 || draft.Policy.Unit is null)
        {
            draft.Note(
                ImportOutcome.NotKept,
                "differential_privacy_policy",
                "tier dp needs a unit, an epsilon_budget, a max_epsilon_per_query and a delta: a budget without an end protects nobody");
            return;
        }

        var groups = rule.Find("max_groups_contributed", "maxGroupsContributed").Number();
        draft.Policy = draft.Policy with
        {
            Tier = PolicyTier.Dp,
            Dp = new DpRules
            {
                Epsilon = epsilon.Value,
                Delta = draft.Contract.AllowInsecure ? delta.Value : Math.Min(delta.Value, FloorDelta),
                MaxEpsilonPerQuery = Math.Min(perQuery.Value, epsilon.Value),
                MaxGroupsPerUnit = groups is >= 1 and <= int.MaxValue ? (int)groups : 1,
                Refresh = BudgetRefresh.None,
            },
        };
        var dp = draft.Policy.Dp!;
        draft.Note(
            dp.Delta < delta || dp.MaxEpsilonPerQuery < perQuery || groups is null ? ImportOutcome.Stricter : ImportOutcome.Kept,
            "differential_privacy_policy",
            string.Create(
                CultureInfo.InvariantCulture,
                $"tier dp: epsilon {dp.Epsilon} for good, at most {dp.MaxEpsilonPerQuery} a query, delta {dp.Delta}, {dp.MaxGroupsPerUnit} group(s) a person"));
    }

    private static void Join(JsonElement rule, PolicyDraft draft)
    {
        var condition = rule.Find("join_condition", "joinCondition").Text() ?? string.Empty;
        var columns = rule.Find("join_allowed_columns", "joinAllowedColumns").Texts();
        var text = $"join_condition {Names.Show(condition)}";
        switch (condition)
        {
            case "JOIN_ANY" or "JOIN_ALL":
                draft.Policy = draft.Policy with { Join = draft.Policy.Join with { Required = [JoinWords.Analyst] } };
                draft.Note(
                    ImportOutcome.Stricter,
                    text,
                    condition == "JOIN_ANY"
                        ? "the dataset is only read joined with one of who asks"
                        : "the dataset is only read joined with one of who asks; a query chooses among the columns, it need not use all");
                break;
            case "JOIN_BLOCKED":
                draft.Drop(ColumnUse.Join);
                draft.Policy = draft.Policy with { Join = draft.Policy.Join with { Required = [], With = [] } };
                draft.Note(ImportOutcome.Kept, text, "the dataset is joined with nobody's");
                return;
            case "JOIN_NOT_REQUIRED":
                draft.Policy = draft.Policy with { Join = draft.Policy.Join with { Required = [] } };
                draft.Note(ImportOutcome.Kept, text, "no join is required");
                break;
            default:
                draft.Note(ImportOutcome.NotKept, text, "it is none of JOIN_ANY, JOIN_ALL, JOIN_NOT_REQUIRED and JOIN_BLOCKED");
                return;
        }

        if (columns.Count > 0)
        {
            draft.Drop(ColumnUse.Join);
            foreach (var column in columns)
            {
                draft.Grant($"join_allowed_columns {Names.Show(column)}", column, ColumnUse.Join);
            }
        }
    }

    private static void Unit(JsonElement rule, string name, string camel, string other, PolicyDraft draft)
    {
        var columns = rule.Find(name, camel, other).Texts();
        var text = $"privacy unit {PeerJson.Shown(columns)}";
        if (columns.Count != 1 || draft.Find(columns[0]) is not { } column)
        {
            draft.Note(ImportOutcome.NotKept, text, $"a unit is one column of {draft.Dataset.SqlName}");
        }
        else if (draft.Policy.Unit is { } unit && unit.Column == column)
        {
            draft.Note(ImportOutcome.Kept, text, $"the draft protects {column}");
        }
        else
        {
            draft.Note(
                ImportOutcome.NotKept, text, $"the draft protects {draft.Policy.Unit?.Column ?? "nobody"}; who is protected is decided in the draft, with the unit's domain");
        }
    }
}
