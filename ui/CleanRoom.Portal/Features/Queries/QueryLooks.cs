using CleanRoom.Client.Queries;
using CleanRoom.Portal.Texts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using MudBlazor;

namespace CleanRoom.Portal.Features.Queries;

/// <summary>Words and colours of queries.</summary>
internal static class QueryLooks
{
    /// <summary>Returns the words for a status.</summary>
    public static string Of(QueryStatus status) => PortalText.Of($"query.status.{QueryWords.Of(status)}");

    /// <summary>Returns the colour of a status; the words stand with it.</summary>
    public static Color ColourOf(QueryStatus status) => status switch
    {
        QueryStatus.Completed => Color.Success,
        QueryStatus.AwaitingApproval => Color.Warning,
        QueryStatus.Failed or QueryStatus.Refused or QueryStatus.Stopped => Color.Error,
        _ => Color.Info,
    };

    /// <summary>Returns the words for a decision of the rules.</summary>
    public static string Of(VerdictDecision decision) => PortalText.Of($"verdict.{decision.ToString().ToLowerInvariant()}");

    /// <summary>Returns the colour of a decision of the rules; the words stand with it.</summary>
    public static Color ColourOf(VerdictDecision decision) => decision switch
    {
        VerdictDecision.Allow => Color.Success,
        VerdictDecision.NeedsApproval => Color.Warning,
        _ => Color.Error,
    };
}
