using System.Runtime.CompilerServices;
using CleanRoom.Grains;
using CleanRoom.Grains.Messages;
using CleanRoom.Grains.Queries;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Fold;
using CleanRoom.Storage.Objects;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CleanRoom.Node.Api;

/// <summary>Explain, submit, follow, run again, fetch.</summary>
internal static class QueryEndpoints
{
    private const string Tag = "queries";

    private static readonly TimeSpan _eventInterval = TimeSpan.FromMilliseconds(200);

    public static void MapQueries(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(ApiRoutes.Explain, ExplainAsync).RequireSession().RequireTurn().WithName("explain").WithTags(Tag)
            .WithSummary("What the rules say of a query; nothing is appended, no data is read.");
        routes.MapPost(ApiRoutes.Queries, SubmitAsync).RequireSession().RequireTurn().WithName("submit").WithTags(Tag)
            .WithSummary("Appends a signed query with the verdict on it, unless the verdict refuses.");
        routes.MapGet(ApiRoutes.QueryTwin, TwinAsync).RequireSession().RequireTurn().WithName("query-twin").WithTags(Tag)
            .WithSummary("What an answer would look like: the query on data made up from the contract alone.");
        routes.MapGet(ApiRoutes.Query, StatusAsync).RequireSession().WithName("query-status").WithTags(Tag)
            .WithSummary("Where a query stands.");
        routes.MapGet(ApiRoutes.QueryEvents, EventsAsync).RequireSession().RequireStream().WithName("query-events").WithTags(Tag)
            .WithSummary("Where a query stands, as server-sent events until it has ended.");
        routes.MapPost(ApiRoutes.QueryRuns, RunAgainAsync).RequireSession().WithName("run-again").WithTags(Tag)
            .WithSummary("Runs a query once more, for its author, where the approvers allow it.");
        routes.MapGet(ApiRoutes.Result, ResultAsync).RequireSession().WithName("result").WithTags(Tag)
            .WithSummary("The sealed result blob of the newest run.");
    }

    private static async Task<Results<Ok<ExplainQueryResponse>, JsonHttpResult<Problem>>> ExplainAsync(
        string collaboration, ExplainQueryRequest request, HttpContext context, IGrainFactory grains)
    {
        if (request.Analyst != context.Session().Collaborator)
        {
            return Problems.Refuse(new Refusal(RefusalCode.NotPermitted, $"a question as {context.Session().Collaborator}", request.Analyst));
        }

        var question = new ExplainRequest(request.Analyst, request.Sql, request.TemplateDigest?.ToString(), request.Parameters, request.Receivers);
        return (await CollaborationEndpoints.RoomAsync(collaboration, grains, room => room.ExplainAsync(question))).TryGet(out var explained, out var refusals)
            ? TypedResults.Ok(new ExplainQueryResponse(new Bytes(explained.Verdict), explained.State))
            : Problems.Refuse(refusals);
    }

    private static async Task<Results<Ok<SubmitResponse>, JsonHttpResult<Problem>>> SubmitAsync(
        string collaboration, StatementRequest request, IGrainFactory grains) =>
        (await CollaborationEndpoints.RoomAsync(collaboration, grains, room => room.SubmitAsync(request.Envelope.ToArray()))).TryGet(out var value, out var refusals)
            ? TypedResults.Ok(new SubmitResponse(
                Digest.Parse(value.QueryDigest), new Bytes(value.Verdict), value.Appended.Sequence, value.Appended.Checkpoint))
            : Problems.Refuse(refusals);

    private static async Task<Results<Ok<QueryStatusResponse>, JsonHttpResult<Problem>>> StatusAsync(
        string collaboration, string query, IGrainFactory grains) =>
        (await ReadAsync(collaboration, query, grains)).TryGet(out var response, out var refusals)
            ? TypedResults.Ok(response)
            : Problems.Refuse(refusals);

    private static async Task<Results<ServerSentEventsResult<QueryStatusResponse>, JsonHttpResult<Problem>>> EventsAsync(
        string collaboration, string query, IGrainFactory grains, TimeProvider time, CancellationToken cancellationToken) =>
        (await ReadAsync(collaboration, query, grains)).TryGet(out var first, out var refusals)
            ? TypedResults.ServerSentEvents(FollowAsync(first, collaboration, query, grains, time, cancellationToken), "status")
            : Problems.Refuse(refusals);

    private static async Task<Results<Ok<TwinResponse>, JsonHttpResult<Problem>>> TwinAsync(string collaboration, string query, IGrainFactory grains)
    {
        if (!(await ViewAsync(collaboration, query, grains)).TryGet(out _, out var refusals)
            || !(await grains.GetGrain<IQueryGrain>(GrainKeys.Of(collaboration, Digest.Parse(query))).TwinAsync()).ToResult().TryGet(out var twin, out refusals))
        {
            return Problems.Refuse(refusals);
        }

        return TypedResults.Ok(new TwinResponse(new Bytes(twin.Arrow), twin.People));
    }

    private static async Task<Results<Accepted, JsonHttpResult<Problem>>> RunAgainAsync(
        string collaboration, string query, HttpContext context, IGrainFactory grains)
    {
        var view = await ViewAsync(collaboration, query, grains);
        if (!view.TryGet(out var known, out var refusals))
        {
            return Problems.Refuse(refusals);
        }

        var session = context.Session();
        if (known.Author != new SignedIn(session.Collaborator, session.Member) || !known.MayRunAgain)
        {
            return Problems.Refuse(new Refusal(RefusalCode.NotPermitted, "the author, with a run left that all approvers allow", $"{session.Collaborator}/{session.Member}"));
        }

        await grains.GetGrain<IQueryGrain>(GrainKeys.Of(collaboration, Digest.Parse(query))).RunAgainAsync();
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Results<FileStreamHttpResult, JsonHttpResult<Problem>>> ResultAsync(
        string collaboration, string query, IGrainFactory grains, IObjectStore objects, CancellationToken cancellationToken)
    {
        var view = await ViewAsync(collaboration, query, grains);
        if (!view.TryGet(out var known, out var refusals))
        {
            return Problems.Refuse(refusals);
        }

        return ObjectName.TryParse(known.ResultName, out var name)
            ? TypedResults.Stream(await objects.OpenReadAsync(ObjectContainer.Results, name, cancellationToken), "application/octet-stream")
            : Problems.Refuse(known.Withheld?.ToRefusal() ?? new Refusal(RefusalCode.ResultUnknown, "a run with an answer that may be served", $"{known.Status}"));
    }

    private static async IAsyncEnumerable<QueryStatusResponse> FollowAsync(
        QueryStatusResponse first,
        string collaboration,
        string query,
        IGrainFactory grains,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A run says itself when it goes on; approvals are looked for.
        using var timer = new PeriodicTimer(_eventInterval, time);
        var run = grains.GetGrain<IQueryGrain>(GrainKeys.Of(collaboration, Digest.Parse(query)));
        var (sent, step) = (first, new RunProgress(string.Empty, 0));
        Task<bool>? tick = null;
        Task<RunProgress>? watch = null;
        yield return first;
        while (sent.Status is QueryStatus.AwaitingApproval or QueryStatus.Approved or QueryStatus.Running)
        {
            tick ??= timer.WaitForNextTickAsync(cancellationToken).AsTask();
            watch ??= run.WatchAsync(step);
            if (await Task.WhenAny(tick, watch) == tick)
            {
                await tick;
                tick = null;
            }
            else
            {
                step = await watch;
                watch = null;
            }

            if ((await ReadAsync(collaboration, query, grains)).TryGet(out var now, out _) && now != sent)
            {
                sent = now;
                yield return now;
            }
        }
    }

    private static async Task<Result<QueryStatusResponse>> ReadAsync(string collaboration, string query, IGrainFactory grains)
    {
        if (!(await ViewAsync(collaboration, query, grains)).TryGet(out var view, out var refusals))
        {
            return refusals;
        }

        var digest = Digest.Parse(query);
        var progress = await grains.GetGrain<IQueryGrain>(GrainKeys.Of(collaboration, digest)).ProgressAsync();
        return Messages.Of(digest, view, progress);
    }

    private static async Task<Result<QueryView>> ViewAsync(string collaboration, string query, IGrainFactory grains) =>
        Digest.TryParse(query, out _)
            ? await CollaborationEndpoints.RoomAsync(collaboration, grains, room => room.QueryAsync(query))
            : new Refusal(RefusalCode.QueryUnknown, "a query digest of 64 lower-case hex digits", $"{query.Length} characters");
}
