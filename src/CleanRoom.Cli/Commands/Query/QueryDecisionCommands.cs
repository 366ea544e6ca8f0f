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

    private static readonly Argument<string?> _queryOrNone = new("query")
    {
        Description = "The query's digest, or its beginning. Left out with --coming.", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<string> _queryOrRule = new("query") { Description = "The digest of a query or of an approval rule, or its beginning." };

    private static readonly Option<string> _reason = new("--reason") { Description = "Why, for the other collaborators.", Required = true };

    private static readonly Option<string?> _verdict = new("--verdict")
    {
        Description = "The digest of the verdict that you have read with query status, or its beginning.",
    };

    private static readonly Option<int> _runs = new("--runs") { Description = "The most runs that you allow.", DefaultValueFactory = _ => 1 };

    private static readonly Option<int> _days = StrictOptions.Days("How long your approval holds.", DefaultDays);

    public static IEnumerable<Command> Create(CliHost host) =>
    [
        Verb.Create(
            host, "approve", "Approves a query under the verdict that you have read, or with --coming queries to come.",
            [_queryOrNone, _verdict, _reason, _runs, _days, .. QueryRuleOptions.All, .. CommonOptions.Acting],
            (context, cancel) => RoomSession.RunAsync(
                context,
                room => QueryRuleOptions.IsMeant(context)
                    ? GiveRuleAsync(context, room, cancel)
                    : DecideAsync(context, room, context.Get(_queryOrNone), ApprovalDecision.Approve, cancel),
                cancel)),
        Verb.Create(
            host, "reject", "Refuses a query, which ends it.", [_query, _reason, .. CommonOptions.Acting],
            (context, cancel) => RoomSession.RunAsync(context, room => DecideAsync(context, room, context.Require(_query), ApprovalDecision.Refuse, cancel), cancel)),
        Verb.Create(
            host, "cancel", "Stops a query of one's own, or one that reads one's own dataset.", [_query, _reason, .. CommonOptions.Acting],
            (context, cancel) => RoomSession.RunAsync(context, room => CancelAsync(context, room, cancel), cancel)),
        Verb.Create(
            host, "revoke", "Takes a query back, also after it was approved, or an approval rule.", [_queryOrRule, _reason, .. CommonOptions.Acting],
            (context, cancel) => RoomSession.RunAsync(context, room => RevokeAsync(context, room, cancel), cancel)),
    ];

    /// <summary>Finds the query that a person names.</summary>
    public static Result<QueryState> Find(RoomClient room, string prefix) =>
        DigestPrefix.Find(prefix, room.State.Queries, RefusalCode.QueryUnknown, "a query of this ledger");

    private static async Task<Result<VerbAnswer>> DecideAsync(
        VerbContext context, RoomClient room, string? named, ApprovalDecision decision, CancellationToken cancellationToken)
    {
        if (named is null)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "the digest of a query, or --coming", "neither");
        }

        var queries = new RoomQueries(room);
        if (!Find(room, named).TryGet(out var query, out var refusals)
            || !(await queries.ReviewAsync(query.Digest, cancellationToken)).TryGet(out var review, out refusals))
        {
            return refusals;
        }

        // An approver approves what it has read, not what happens to be there now.
        if (decision == ApprovalDecision.Approve && !IsNamed(context, review.VerdictDigest))
        {
            return new Refusal(
                RefusalCode.QueryNotApproved,
                $"--verdict {review.VerdictDigest}, the verdict on this query",
                context.Get(_verdict) is null ? "none: read it first, with query status" : "another");
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
        context.Get(_verdict) is { Length: >= 4 } prefix && verdict.ToString().StartsWith(prefix, StringComparison.Ordinal);

    private static async Task<Result<VerbAnswer>> GiveRuleAsync(VerbContext context, RoomClient room, CancellationToken cancellationToken)
    {
        if (context.Get(_queryOrNone) is not null || context.Get(_verdict) is not null)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "either a query with its --verdict, or --coming", "both");
        }

        var conditions = new ApprovalConditions { MaxRuns = context.Get(_runs), Expires = context.Host.Now.Plus(TimeSpan.FromDays(context.Get(_days))) };
        if (!QueryRuleOptions.Read(context, room, context.Require(_reason), conditions).TryGet(out var terms, out var refusals))
        {
            return refusals;
        }

        return (await new RoomApprovalRules(room).GiveAsync(terms, cancellationToken)).Then(rule => Result.Accept(new VerbAnswer(
            ApprovalRuleJson.Describe(rule), ApprovalRuleWords.Of(room.State, rule, context.Host.Now))));
    }

    private static async Task<Result<VerbAnswer>> CancelAsync(VerbContext context, RoomClient room, CancellationToken cancellationToken) =>
        Find(room, context.Require(_query)).TryGet(out var query, out var refusals)
            ? (await new RoomQueries(room).CancelAsync(query.Digest, context.Require(_reason), cancellationToken))
                .Then(appended => Result.Accept(Told(context, room, query.Digest, "cancelled", appended)))
            : refusals;

    private static async Task<Result<VerbAnswer>> RevokeAsync(VerbContext context, RoomClient room, CancellationToken cancellationToken)
    {
        var (named, reason) = (context.Require(_queryOrRule), context.Require(_reason));
        if (DigestPrefix.Find(named, room.State.ApprovalRules, RefusalCode.QueryUnknown, "a rule of this ledger").TryGet(out var rule, out _))
        {
            return (await new RoomApprovalRules(room).TakeBackAsync(rule.Digest, reason, cancellationToken)).Then(appended => Result.Accept(VerbAnswer.Of(
                new JsonObject { ["rule"] = rule.Digest.ToString(), ["sequence"] = appended.Sequence, ["status"] = "revoked" },
                $"{room.Member.Name} took approval rule {rule.Digest.Abbreviated} back in row {appended.Sequence}")));
        }

        return Find(room, named).TryGet(out var query, out var refusals)
            ? (await new RoomQueries(room).RevokeAsync(query.Digest, reason, cancellationToken))
                .Then(appended => Result.Accept(Told(context, room, query.Digest, "revoked", appended)))
            : refusals;
    }

    private static VerbAnswer Told(VerbContext context, RoomClient room, Digest query, string word, StatementResponse appended)
    {
        var status = QueryStatuses.StatusOf(room.State, room.State.Queries[query], context.Host.Now);
        return VerbAnswer.Of(
            new JsonObject { ["query"] = query.ToString(), ["sequence"] = appended.Sequence, ["status"] = QueryWords.Of(status) },
            $"{room.Member.Name} {word} query {query.Abbreviated} in row {appended.Sequence}; it is {QueryWords.Of(status)}");
    }
}
