using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Keys;
using CleanRoom.Node.Sessions;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CleanRoom.Node.Api;

/// <summary>Proposal, sign-in, statements, rows, witnesses.</summary>
internal static class CollaborationEndpoints
{
    private const string Tag = "collaborations";

    public static void MapCollaborations(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(ApiRoutes.Collaborations, ProposeAsync).RequireChannel().WithName("propose").WithTags(Tag)
            .WithSummary("Starts a collaboration from its first proposal.");
        routes.MapPost(ApiRoutes.Challenge, Challenge).RequireChannel().WithName("challenge").WithTags(Tag)
            .WithSummary("A challenge to sign in with, good for once and two minutes.");
        routes.MapPost(ApiRoutes.SignIn, SignInAsync).RequireChannel().WithName("sign-in").WithTags(Tag)
            .WithSummary("Opens a session for a member that signed the challenge.");
        routes.MapGet(ApiRoutes.Status, StatusAsync).RequireChannel().WithName("status").WithTags(Tag)
            .WithSummary("What the room may do at present.");
        routes.MapPost(ApiRoutes.Witness, WitnessAsync).RequireChannel().WithName("witness").WithTags(Tag)
            .WithSummary("Takes a witness's answer to this start of the node.");
        routes.MapPost(ApiRoutes.Statements, AppendAsync).RequireChannel().WithName("append").WithTags(Tag)
            .WithSummary("Appends a signed statement. The same statement again answers with the row that it has.");
        routes.MapGet(ApiRoutes.Rows, RowsAsync).RequireSession().WithName("rows").WithTags(Tag)
            .WithSummary("Rows in order, for a member to fold.");
        routes.MapGet(ApiRoutes.BudgetLog, BudgetLogAsync).RequireSession().WithName("budget-log").WithTags(Tag)
            .WithSummary("Rows of the budget log of the asker's own collaborator for one unit domain, for an owner or auditor of it.");
    }

    private static async Task<Results<Ok<ProposeResponse>, JsonHttpResult<Problem>>> ProposeAsync(ProposeRequest request, IGrainFactory grains)
    {
        var reply = await grains.GetGrain<IKeyringGrain>(Guid.NewGuid())
            .ProposeAsync(request.Contract.ToArray(), [.. request.Delegations.Select(d => d.ToArray())]);
        return reply.ToResult().TryGet(out var proposed, out var refusals)
            ? TypedResults.Ok(new ProposeResponse(proposed.Collaboration, proposed.Checkpoint))
            : Problems.Refuse(refusals);
    }

    private static Results<Ok<ChallengeResponse>, JsonHttpResult<Problem>> Challenge(string collaboration, SessionStore sessions) =>
        Room(collaboration).Then(_ => sessions.Challenge()).TryGet(out var challenge, out var refusals)
            ? TypedResults.Ok(new ChallengeResponse(challenge))
            : Problems.Refuse(refusals);

    private static async Task<Results<Ok<SignInResponse>, JsonHttpResult<Problem>>> SignInAsync(
        string collaboration, SignInRequest request, HttpContext context, IGrainFactory grains, SessionStore sessions)
    {
        var parsed = Room(collaboration)
            .Then(_ => EnvelopeCodec.Parse(request.Envelope.Span))
            .Then(envelope => DocumentCodec.Parse<SignIn>(envelope.Payload.Span));
        if (!parsed.TryGet(out var signIn, out var invalid))
        {
            return Problems.Refuse(invalid);
        }

        if (!sessions.TakeChallenge(signIn.Challenge))
        {
            return Problems.Refuse(new Refusal(RefusalCode.Stale, "a challenge of this node that is not used", "another"));
        }

        var binding = context.Channel().BindingDigest;
        var reply = await grains.GetGrain<ICollaborationGrain>(collaboration)
            .SignInAsync(request.Envelope.ToArray(), signIn.Challenge.ToArray(), binding.ToString());
        if (!reply.ToResult().TryGet(out var member, out var refusals))
        {
            return Problems.Refuse(refusals);
        }

        var (token, expires) = sessions.Open(collaboration, member.Collaborator, member.Member, binding);
        return TypedResults.Ok(new SignInResponse(token, Timestamp.From(expires)));
    }

    private static async Task<Results<Ok<StatusResponse>, JsonHttpResult<Problem>>> StatusAsync(string collaboration, IGrainFactory grains) =>
        (await RoomAsync(collaboration, grains, room => room.StatusAsync())).Then(status => Result.Accept(Api.Messages.Of(status)))
            .TryGet(out var response, out var refusals)
            ? TypedResults.Ok(response)
            : Problems.Refuse(refusals);

    private static async Task<Results<Ok<StatusResponse>, JsonHttpResult<Problem>>> WitnessAsync(
        string collaboration, WitnessRequest request, IGrainFactory grains) =>
        (await RoomAsync(collaboration, grains, room => room.WitnessAsync(request.Witness.ToArray(), request.Signature.ToArray())))
            .Then(status => Result.Accept(Api.Messages.Of(status)))
            .TryGet(out var response, out var refusals)
            ? TypedResults.Ok(response)
            : Problems.Refuse(refusals);

    private static async Task<Results<Ok<StatementResponse>, JsonHttpResult<Problem>>> AppendAsync(
        string collaboration, StatementRequest request, HttpContext context, IGrainFactory grains, SessionStore sessions)
    {
        var document = EnvelopeCodec.Parse(request.Envelope.Span).Then(envelope => DocumentCodec.Parse(envelope.Payload.Span));
        if (!document.TryGet(out var statement, out var unreadable))
        {
            return Problems.Refuse(unreadable);
        }

        // A root key has no session: its statements carry all that they need.
        var channel = context.Channel();
        if (statement is not (Delegation or MemberRevocation)
            && sessions.Find(channel.Authorization, collaboration, channel.BindingDigest) is { IsAccepted: false } noSession)
        {
            return Problems.Refuse(noSession.Refusals);
        }

        var appended = await RoomAsync(collaboration, grains, room => room.AppendAsync(request.Envelope.ToArray()));
        if (!appended.TryGet(out var value, out var refusals))
        {
            return Problems.Refuse(refusals);
        }

        if (statement is MemberRevocation revocation)
        {
            sessions.End(collaboration, revocation.Collaborator, revocation.Member);
        }

        return TypedResults.Ok(new StatementResponse(value.Sequence, value.Checkpoint));
    }

    private static async Task<Results<Ok<RowsResponse>, JsonHttpResult<Problem>>> RowsAsync(
        string collaboration, IGrainFactory grains, long from = 0, int count = 256) =>
        (await RoomAsync(collaboration, grains, room => room.ReadAsync(from, count))).TryGet(out var page, out var refusals)
            ? TypedResults.Ok(new RowsResponse([.. page.Rows.Select(row => new Bytes(row))], page.Size, page.Checkpoint))
            : Problems.Refuse(refusals);

    private static async Task<Results<Ok<RowsResponse>, JsonHttpResult<Problem>>> BudgetLogAsync(
        string collaboration, HttpContext context, IGrainFactory grains, string domain, long from = 0, int count = 256)
    {
        var asker = context.Session();
        return (await RoomAsync(collaboration, grains, room => room.ReadBudgetLogAsync(asker.Collaborator, asker.Member, domain, from, count)))
            .TryGet(out var page, out var refusals)
            ? TypedResults.Ok(new RowsResponse([.. page.Rows.Select(row => new Bytes(row))], page.Size, page.Checkpoint))
            : Problems.Refuse(refusals);
    }

    /// <summary>Refuses ids that are not ids before a grain is made for them.</summary>
    internal static Result<string> Room(string collaboration) => Digest.TryParse(collaboration, out _)
        ? collaboration
        : new Refusal(RefusalCode.DocumentInvalid, "a collaboration id of 64 lower-case hex digits", $"{collaboration.Length} characters");

    internal static async Task<Result<T>> RoomAsync<T>(
        string collaboration, IGrainFactory grains, Func<ICollaborationGrain, Task<Grains.Messages.GrainReply<T>>> call)
        where T : notnull => Room(collaboration).TryGet(out var id, out var refusals)
        ? (await call(grains.GetGrain<ICollaborationGrain>(id))).ToResult()
        : refusals;
}
