using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Queries;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Cli.Commands.Query;

/// <summary><c>cleanroom query approve|reject|cancel|revoke</c>.</summary>
internal static class QueryDecisionCommands
{
    private const int DefaultDays = 7;

    private static readonly Argument<string> _query = new("query") { Description = "The query's digest, or its beginning." };

    private static readonly Option<string> _reason = new("--reason") { Description = "Why, for the other collaborators.", Required = true };

    private static readonly Option<string> _verdict = new("--verdict")
    {
        Description = "The digest of the verdict that you have read with query status, or its beginning.", Required = true,
    };

    private static readonly Option<int> _runs = new("--runs") { Description = "The most runs that you allow.", DefaultValueFactory = _ => 1 };

    private static readonly Option<int> _days = StrictOptions.Days("How long your approval holds.", DefaultDays);

    public static IEnumerable<Command> Create(CliHost host) =>
    [
        Verb.Create(
            host, "approve", "Approves a query under the verdict that you have read.", [_query, _verdict, _reason, _runs, _days, .. CommonOptions.Acting],
            (context, cancel) => RoomSession.RunAsync(context, room => DecideAsync(context, room, ApprovalDecision.Approve, cancel), cancel)),
        Verb.Create(
            host, "reject", "Refuses a query, which ends it.", [_query, _reason, .. CommonOptions.Acting],
            (context, cancel) => RoomSession.RunAsync(context, room => DecideAsync(context, room, ApprovalDecision.Refuse, cancel), cancel)),
        Verb.Create(
            host, "cancel", "Stops a query of one's own, or one that reads one's own dataset.", [_query, _reason, .. CommonOptions.Acting],
            (context, cancel) => StopAsync(context, "cancelled", (queries, query) => queries.CancelAsync(query.Digest, context.Require(_reason), cancel), cancel)),
        Verb.Create(
            host, "revoke", "Takes a query back, also after it was approved.", [_query, _reason, .. CommonOptions.Acting],
            (context, cancel) => StopAsync(context, "revoked", (queries, query) => queries.RevokeAsync(query.Digest, context.Require(_reason), cancel), cancel)),
    ];

    /// <summary>Finds the query that a person names.</summary>
    public static Result<QueryState> Find(RoomClient room, string prefix) =>
        DigestPrefix.Find(prefix, room.State.Queries, RefusalCode.QueryUnknown, "a query of this ledger");

    private static async Task<Result<VerbAnswer>> DecideAsync(
        VerbContext context, RoomClient room, ApprovalDecision decision, CancellationToken cancellationToken)
    {
        var queries = new RoomQueries(room);
        if (!Find(room, context.Require(_query)).TryGet(out var query, out var refusals)
            || !(await queries.ReviewAsync(query.Digest, cancellationToken)).TryGet(out var review, out refusals))
        {
            return refusals;
        }

        // An approver approves what it has read, not what happens to be there now.
        if (decision == ApprovalDecision.Approve && !IsNamed(context, review.VerdictDigest))
        {
            return new Refusal(RefusalCode.QueryNotApproved, $"--verdict {review.VerdictDigest}, the verdict on this query", "another");
        }

        var conditions = new ApprovalConditions
        {
            MaxRuns = decision == ApprovalDecision.Approve ? context.Get(_runs) : 1,
            Expires = context.Host.Now.Plus(TimeSpan.FromDays(decision == ApprovalDecision.Approve ? context.Get(_days) : DefaultDays)),
        };
        var word = decision == ApprovalDecision.Approve ? "approved" : "refused";
        return (await queries.DecideAsync(review, decision, context.Require(_reason), conditions, cancellationToken))
            .Then(appended => Result.Accept(Told(context, room, query.Digest, word, appended)));
    }

    private static bool IsNamed(VerbContext context, Digest verdict) =>
        context.Require(_verdict) is { Length: >= 4 } prefix && verdict.ToString().StartsWith(prefix, StringComparison.Ordinal);

    private static Task<Result<VerbAnswer>> StopAsync(
        VerbContext context, string word, Func<RoomQueries, QueryState, Task<Result<StatementResponse>>> stop, CancellationToken cancellationToken) =>
        RoomSession.RunAsync(
            context,
            async room => Find(room, context.Require(_query)).TryGet(out var query, out var refusals)
                ? (await stop(new RoomQueries(room), query)).Then(appended => Result.Accept(Told(context, room, query.Digest, word, appended)))
                : refusals,
            cancellationToken);

    private static VerbAnswer Told(VerbContext context, RoomClient room, Digest query, string word, StatementResponse appended)
    {
        var status = QueryStatuses.StatusOf(room.State, room.State.Queries[query], context.Host.Now);
        return VerbAnswer.Of(
            new JsonObject { ["query"] = query.ToString(), ["sequence"] = appended.Sequence, ["status"] = QueryWords.Of(status) },
            $"{room.Member.Name} {word} query {query.Abbreviated} in row {appended.Sequence}; it is {QueryWords.Of(status)}");
    }
}
