using System.Text.Json.Nodes;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Cli.Commands.Query;

/// <summary>Queries in words.</summary>
internal static class QueryWords
{
    public static string Of(QueryStatus status) => status switch
    {
        QueryStatus.AwaitingApproval => "awaiting-approval",
        QueryStatus.Approved => "approved",
        QueryStatus.Running => "running",
        QueryStatus.Completed => "completed",
        QueryStatus.Failed => "failed",
        QueryStatus.Refused => "refused",
        QueryStatus.Stopped => "stopped",
        _ => "unknown",
    };

    /// <summary>Returns what a query asks: its SQL, or its template with the values.</summary>
    public static string Text(CollaborationState state, QueryState query) =>
        query.Query.Sql ?? TemplateText(state.Contracts[query.Query.ContractDigest].Contract, query.Query);

    /// <summary>Returns an approval rule for programs.</summary>
    public static JsonNode Describe(ApprovalRuleState rule) => new JsonObject
    {
        ["rule"] = rule.Digest.ToString(),
        ["member"] = $"{rule.By.Collaborator}/{rule.By.Member}",
        ["sequence"] = rule.Sequence,
        ["revokedSequence"] = rule.RevokedSequence,
        ["document"] = JsonNode.Parse(DocumentCodec.Encode(rule.Rule)),
    };

    private static string TemplateText(Protocol.Documents.Contract contract, Protocol.Documents.Query query)
    {
        var name = contract.Templates.FirstOrDefault(template => DocumentCodec.DigestOf(template) == query.TemplateDigest)?.Name ?? "a template";
        return query.Parameters.IsEmpty ? name : $"{name} with {string.Join(", ", query.Parameters.Select(value => $"{value.Key} = {value.Value}"))}";
    }
}
