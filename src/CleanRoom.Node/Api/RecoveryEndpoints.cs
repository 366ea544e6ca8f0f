using CleanRoom.Grains.Keys.Recoveries;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CleanRoom.Node.Api;

/// <summary>Recovery of a room whose secret is lost. Inside the channel and without a session: nobody can sign in to a room that has no keys.</summary>
internal static class RecoveryEndpoints
{
    private const string Tag = "recovery";

    public static void MapRecovery(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(ApiRoutes.Recovery, OfferAsync).RequireChannel().WithName("offer-recovery").WithTags(Tag)
            .WithSummary("Evidence that members may release their shares to, by a node that has lost the room's secret.");
        routes.MapPost(ApiRoutes.RecoveryShares, ReleaseAsync).RequireChannel().WithName("release-share").WithTags(Tag)
            .WithSummary("Takes a member's signed release of its share; with the last that it takes the room is restored.");
    }

    private static async Task<Results<Ok<RecoveryOfferResponse>, JsonHttpResult<Problem>>> OfferAsync(
        string collaboration, RecoveryOfferRequest request, IGrainFactory grains)
    {
        if (!CollaborationEndpoints.Room(collaboration).TryGet(out _, out var noRoom))
        {
            return Problems.Refuse(noRoom);
        }

        var reply = await grains.GetGrain<IRecoveryGrain>(collaboration).OfferAsync(RecoveryPapers.Of(request.Kit), request.Nonce.ToArray());
        return reply.ToResult().TryGet(out var offered, out var refusals)
            ? TypedResults.Ok(new RecoveryOfferResponse(new Bytes(offered.Attestation), offered.Released, offered.Needed))
            : Problems.Refuse(refusals);
    }

    private static async Task<Results<Ok<RecoveryReleaseResponse>, JsonHttpResult<Problem>>> ReleaseAsync(
        string collaboration, RecoveryReleaseRequest request, IGrainFactory grains)
    {
        if (!CollaborationEndpoints.Room(collaboration).TryGet(out _, out var noRoom))
        {
            return Problems.Refuse(noRoom);
        }

        var reply = await grains.GetGrain<IRecoveryGrain>(collaboration).ReleaseAsync(RecoveryShareReleased.Of(request));
        return reply.ToResult().TryGet(out var taken, out var refusals)
            ? TypedResults.Ok(new RecoveryReleaseResponse(taken.Released, taken.Needed, taken.Checkpoint))
            : Problems.Refuse(refusals);
    }
}
