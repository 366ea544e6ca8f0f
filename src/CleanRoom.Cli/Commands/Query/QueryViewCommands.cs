using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Budgets;
using CleanRoom.Client.Queries;
using CleanRoom.Client.Results;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Cli.Commands.Query;

/// <summary><c>cleanroom query status|list</c>.</summary>
internal static class QueryViewCommands
{
    private static readonly Argument<string> _query = new("query") { Description = "The query's digest, or its beginning." };

    private static readonly Option<bool> _follow = new("--follow") { Description = "Waits until the query has ended, and tells progress." };

    private static readonly Option<bool> _twin = new("--twin")
    {
        Description = "Shows what an answer would look like: the room runs the query on data made up from the contract. Costs nothing.",
    };

    private static readonly Option<bool> _rules = new("--rules") { Description = "Lists the members' approvals of queries to come." };

    private static readonly Option<FileInfo?> _svg = new("--svg") { Description = "Draws the verdict into this new file." };

    public static IEnumerable<Command> Create(CliHost host) =>
    [
        Verb.Create(
            host, "status", "Says where a query stands, and shows the verdict on it.", [_query, _follow, _svg, _twin, .. CommonOptions.Acting],
            (context, cancel) => RoomSession.RunAsync(context, room => StatusAsync(context, room, cancel), cancel)),
        Verb.Create(
            host, "list", "Lists the queries of the room, or with --rules the approval rules.", [_rules, .. CommonOptions.Acting],
            (context, cancel) => RoomSession.RunAsync(context, room => Task.FromResult(List(context, room)), cancel)),
    ];

    private static async Task<Result<VerbAnswer>> StatusAsync(VerbContext context, RoomClient room, CancellationToken cancellationToken)
    {
        if (!QueryDecisionCommands.Find(room, context.Require(_query)).TryGet(out var query, out var refusals))
        {
            return refusals;
        }

        var status = context.Get(_follow)
            ? await FollowAsync(context, room, query.Digest, cancellationToken)
            : await new RoomRuns(room).StatusAsync(query.Digest, cancellationToken);
        if (!status.TryGet(out var now, out refusals)
            || !(await new RoomQueries(room).ReviewAsync(query.Digest, cancellationToken)).TryGet(out var review, out refusals))
        {
            return refusals;
        }

        if (context.Get(_svg) is { } svg && VerdictReport.WriteDrawing(svg, review.Verdict) is { } notWritten)
        {
            return notWritten;
        }

        var twin = ImmutableArray<string>.Empty;
        JsonNode? twinJson = null;
        if (context.Get(_twin))
        {
            if (!(await new RoomQueries(room).TwinAsync(query.Digest, cancellationToken)).TryGet(out var made, out refusals))
            {
                return refusals;
            }

            var table = ArrowTable.Read(made.Arrow.Memory);
            (twin, twinJson) = (TwinWords.Of(table, made.People), TwinWords.Json(table, made.People));
        }

        var json = Describe(context, room, review.Query);
        json["phase"] = now.Phase;
        json["percent"] = now.Percent;
        json["reason"] = now.Reason;
        json["verdictDigest"] = review.VerdictDigest.ToString();
        json["verdict"] = JsonNode.Parse(DocumentCodec.Encode(review.Verdict));
        if (twinJson is not null)
        {
            json["twin"] = twinJson;
        }

        return new VerbAnswer(
            json,
            [
                $"{InWords(context, room, review.Query)}{(now.Phase.Length == 0 ? string.Empty : $", {now.Phase}, {now.Percent}%")}",
                .. now.Reason.Length == 0 ? ImmutableArray<string>.Empty : [$"  because: {now.Reason}"],
                .. VerdictReport.Words($"verdict {review.VerdictDigest}", review.Verdict, state: [], PrivacyOutlook.Of(room.State.Contracts[review.Verdict.ContractDigest].Contract, review.Verdict, room.State), cost: null),
                .. review.Query.Decisions.Select(decision =>
                    $"  {decision.By.Collaborator}/{decision.By.Member} {(decision.Approval.Decision == ApprovalDecision.Approve ? "approved" : "refused")}: {decision.Approval.Reason}"),
                .. room.State.ApprovalRules.Values
                    .Where(rule => ApprovalRuleCoverage.WhyNotCovered(room.State, rule, review.Query, review.VerdictDigest, context.Host.Now) is null)
                    .Select(rule => $"  {rule.By.Collaborator}/{rule.By.Member} approves by rule {rule.Digest.Abbreviated}: {rule.Rule.Reason}"),
                .. twin,
            ]);
    }

    private static async Task<Result<QueryStatusResponse>> FollowAsync(
        VerbContext context, RoomClient room, Digest query, CancellationToken cancellationToken)
    {
        Result<QueryStatusResponse>? last = null;
        await foreach (var next in new RoomRuns(room).FollowAsync(query, cancellationToken))
        {
            last = next;
            if (next.TryGet(out var status, out _))
            {
                context.Host.Say($"{QueryWords.Of(status.Status)}{(status.Phase.Length == 0 ? string.Empty : $", {status.Phase}, {status.Percent}%")}");
            }
        }

        return last ?? await new RoomRuns(room).StatusAsync(query, cancellationToken);
    }

    private static Result<VerbAnswer> List(VerbContext context, RoomClient room)
    {
        if (context.Get(_rules))
        {
            var rules = new RoomApprovalRules(room).List();
            return new VerbAnswer(
                new JsonArray([.. rules.Select(ApprovalRuleJson.Describe)]),
                rules.Count == 0 ? ["no approval rule"] : [.. rules.SelectMany(rule => ApprovalRuleWords.Of(room.State, rule, context.Host.Now))]);
        }

        var queries = new RoomQueries(room).List();
        return new VerbAnswer(
            new JsonArray([.. queries.Select(query => Describe(context, room, query))]),
            queries.Count == 0 ? ["no query yet"] : [.. queries.Select(query => InWords(context, room, query))]);
    }

    private static JsonObject Describe(VerbContext context, RoomClient room, QueryState query) => new()
    {
        ["query"] = query.Digest.ToString(),
        ["status"] = QueryWords.Of(QueryStatuses.StatusOf(room.State, query, context.Host.Now)),
        ["author"] = $"{query.Author.Collaborator}/{query.Author.Member}",
        ["text"] = QueryWords.Text(room.State, query),
        ["inputs"] = new JsonArray([.. query.Query.Inputs.Select(input => (JsonNode)input.Dataset)]),
        ["receivers"] = new JsonArray([.. query.Query.Receivers.Select(receiver => (JsonNode)receiver)]),
        ["runs"] = query.Runs.Length,
        ["expires"] = query.Query.Expires.ToString(),
    };

    private static string InWords(VerbContext context, RoomClient room, QueryState query) =>
        $"{query.Digest.Abbreviated} {QueryWords.Of(QueryStatuses.StatusOf(room.State, query, context.Host.Now))} "
        + $"by {query.Author.Collaborator}/{query.Author.Member}, {query.Runs.Length} runs: {QueryWords.Text(room.State, query).ReplaceLineEndings(" ")}";
}
