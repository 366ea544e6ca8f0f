using CleanRoom.Protocol;
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

    private static string TemplateText(Protocol.Documents.Contract contract, Protocol.Documents.Query query)
    {
        var name = contract.Templates.FirstOrDefault(template => DocumentCodec.DigestOf(template) == query.TemplateDigest)?.Name ?? "a template";
        return query.Parameters.IsEmpty ? name : $"{name} with {string.Join(", ", query.Parameters.Select(value => $"{value.Key} = {value.Value}"))}";
    }

    /// <summary>Returns a verdict in lines, for whoever is to decide.</summary>
    public static IEnumerable<string> Of(Verdict verdict, Digest digest)
    {
        yield return $"verdict {digest}: {verdict.Decision switch
        {
            VerdictDecision.Allow => "allowed",
            VerdictDecision.NeedsApproval => "allowed with approval",
            _ => "refused",
        }}";
        foreach (var owner in verdict.Owners)
        {
            foreach (var reason in owner.Reasons)
            {
                yield return $"  {owner.Party}: {reason}";
            }
        }

        foreach (var input in verdict.Inputs)
        {
            yield return $"  reads {input.Dataset}, every row of the answer over at least {input.MinUnits} units";
        }

        foreach (var edge in verdict.Lineage)
        {
            yield return $"  {edge.Dataset}.{edge.Column} by {edge.Operation}{(edge.Output.Length == 0 ? string.Empty : $" into {edge.Output}")}";
        }

        foreach (var cost in verdict.Budget)
        {
            yield return $"  costs {cost.Queries} of the queries on {cost.Dataset}";
        }
    }
}
