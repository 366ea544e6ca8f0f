using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Client.Queries;

/// <summary>Queries in words.</summary>
public static class QueryWords
{
    /// <summary>Returns the word for a status.</summary>
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

    private static string TemplateText(Contract contract, Query query)
    {
        var name = contract.Templates.FirstOrDefault(template => DocumentCodec.DigestOf(template) == query.TemplateDigest)?.Name ?? "a template";
        return query.Parameters.IsEmpty ? name : $"{name} with {string.Join(", ", query.Parameters.Select(value => $"{value.Key} = {value.Value}"))}";
    }
}
