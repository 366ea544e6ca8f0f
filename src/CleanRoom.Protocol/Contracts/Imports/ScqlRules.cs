using System.Collections.Immutable;
using System.Text.RegularExpressions;
using CleanRoom.Protocol.Contracts.Rules;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Imports;

/// <summary>SCQL's column control list: <c>GRANT SELECT PLAINTEXT_AFTER_JOIN(id), ... ON db.table TO party</c>.</summary>
/// <remarks>
/// Source: SCQL manual, column control list. A list holds for one party; a policy holds for all analysts. So a column has the uses that every
/// named party has: what only one of them may do is not granted.
/// </remarks>
internal static partial class ScqlRules
{
    private const int MaxStatements = 1_000;

    public static Result<RuleImport> Read(string text, PolicyDraft draft)
    {
        var grants = new List<Grant>();
        var statements = Comment().Replace(text, " ").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (statements.Length is 0 or > MaxStatements)
        {
            return new Refusal(RefusalCode.DocumentInvalid, $"1 to {MaxStatements} GRANT statements", $"{statements.Length}");
        }

        foreach (var statement in statements)
        {
            var match = Statement().Match(statement);
            if (!match.Success)
            {
                return new Refusal(RefusalCode.DocumentInvalid, "GRANT SELECT constraint(columns), ... ON table TO party", Names.Show(statement));
            }

            var party = match.Groups["party"].Value.Trim('"', '`', '\'');
            foreach (Match item in Item().Matches(match.Groups["items"].Value))
            {
                grants.AddRange(item.Groups["columns"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(column => new Grant(item.Groups["constraint"].Value.ToUpperInvariant(), column.Trim('"', '`'), party)));
            }
        }

        Apply(grants, draft);
        return draft.Finish();
    }

    private static void Apply(List<Grant> grants, PolicyDraft draft)
    {
        draft.DropGrants();
        var parties = grants.Select(grant => grant.Party).Where(party => !Same(party, draft.Dataset.Owner)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var known = parties.Where(party => draft.Contract.Collaborators.Any(one => Same(one.Id, party))).ToList();
        foreach (var stranger in parties.Except(known, StringComparer.OrdinalIgnoreCase))
        {
            draft.Note(ImportOutcome.NotKept, $"TO {Names.Show(stranger)}", "no collaborator of the draft has this id");
        }

        var ids = draft.Contract.Collaborators.Select(one => one.Id).Where(id => known.Any(party => Same(party, id))).ToImmutableArray();
        draft.Policy = draft.Policy with { Analysts = ids, Receivers = ids };
        draft.Note(
            ImportOutcome.Stricter,
            $"TO {PeerJson.Shown(ids)}",
            ids.IsEmpty ? "nobody may ask" : "these may ask and receive; each query is held against thresholds and approvals of the draft too");
        foreach (var group in grants.Where(grant => known.Contains(grant.Party, StringComparer.OrdinalIgnoreCase)).GroupBy(grant => (grant.Constraint, Column: grant.Column.ToUpperInvariant())))
        {
            var rule = $"{group.Key.Constraint}({Names.Show(group.First().Column).Trim('\'')})";
            var missing = known.Where(party => !group.Any(grant => Same(grant.Party, party))).ToList();
            if (missing.Count > 0 && group.Key.Constraint != "ENCRYPTED_ONLY")
            {
                draft.Note(ImportOutcome.NotKept, rule, $"not granted to {PeerJson.Shown(missing)}; a use holds for every analyst");
            }
            else
            {
                Constraint(rule, group.Key.Constraint, group.First().Column, draft);
            }
        }
    }

    private static void Constraint(string rule, string constraint, string column, PolicyDraft draft)
    {
        switch (constraint)
        {
            case "PLAINTEXT":
                foreach (var use in new[] { ColumnUse.Join, ColumnUse.Group, ColumnUse.Filter, ColumnUse.CountDistinct })
                {
                    draft.Grant(rule, column, use, $"{column} may be joined, grouped, filtered and counted; rows never leave", ImportOutcome.Stricter);
                }

                Numbers(rule, column, draft);
                break;
            case "PLAINTEXT_AFTER_JOIN":
                draft.Grant(rule, column, ColumnUse.Join, $"{column} is joined on; the values that met never leave", ImportOutcome.Stricter);
                break;
            case "PLAINTEXT_AFTER_GROUP_BY":
                draft.Grant(rule, column, ColumnUse.Group);
                break;
            case "PLAINTEXT_AFTER_COMPARE":
                draft.Grant(rule, column, ColumnUse.Filter, $"{column} is compared in conditions; the outcome for a row never leaves", ImportOutcome.Stricter);
                break;
            case "PLAINTEXT_AFTER_AGGREGATE":
                draft.Grant(rule, column, ColumnUse.CountDistinct);
                Numbers(rule, column, draft);
                break;
            case "PLAINTEXT_AS_JOIN_PAYLOAD":
                draft.Grant(rule, column, ColumnUse.List, $"{column} is listed for people that met, above the threshold", ImportOutcome.Stricter);
                break;
            case "ENCRYPTED_ONLY":
                draft.Note(ImportOutcome.Kept, rule, $"{Names.Show(column)} has no use; everything is encrypted outside the room");
                break;
            default:
                draft.Note(ImportOutcome.NotKept, rule, "no constraint of SCQL that is known here");
                break;
        }
    }

    private static void Numbers(string rule, string column, PolicyDraft draft)
    {
        if (draft.Find(column) is { } name && draft.Policy.Columns[name].Type is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal)
        {
            draft.Grant(rule, column, ColumnUse.Sum);
            draft.Grant(rule, column, ColumnUse.Avg);
        }
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\A\s*GRANT\s+SELECT\s+(?<items>[A-Z_]+\s*\([^()]*\)(\s*,\s*[A-Z_]+\s*\([^()]*\))*)\s+ON\s+(?<table>[\w.""`]+)\s+TO\s+(?<party>[\w""`']+)\s*\z", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Statement();

    [GeneratedRegex(@"(?<constraint>[A-Z_]+)\s*\((?<columns>[^()]*)\)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Item();

    [GeneratedRegex(@"--[^\n]*|/\*[^*]*\*+([^/*][^*]*\*+)*/", RegexOptions.NonBacktracking)]
    private static partial Regex Comment();

    private sealed record Grant(string Constraint, string Column, string Party);
}
