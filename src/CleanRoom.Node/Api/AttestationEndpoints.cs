using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Keys.Destructions;
using CleanRoom.Node.Channels;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CleanRoom.Node.Api;

/// <summary>Evidence, outside the channel: it is what a channel is opened against.</summary>
internal static class AttestationEndpoints
{
    private const int NonceBytes = 32;
    private const string Tag = "attestation";

    public static void MapAttestation(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(ApiRoutes.Attestation, AttestAsync)
            .WithName("attest")
            .WithSummary("Evidence over a fresh nonce, as canonical JSON.")
            .WithTags(Tag);
        routes.MapGet(ApiRoutes.Destruction, DestructionAsync)
            .WithName("destruction")
            .WithSummary("The certificates of nodes that have erased the keys of a collaboration that ended.")
            .WithTags(Tag);
        routes.MapGet(ApiRoutes.CodeEndorsements, EndorsementsAsync)
            .WithName("code-endorsements")
            .WithSummary("The endorsements of code that a room's contract does not name itself, for those who appraise its node.")
            .WithTags(Tag);
    }

    private static async Task<Results<Ok<CodeEndorsementsResponse>, JsonHttpResult<Problem>>> EndorsementsAsync(string collaboration, IGrainFactory grains)
    {
        return (await CollaborationEndpoints.RoomAsync(collaboration, grains, room => room.EndorsementsAsync())).TryGet(out var endorsements, out var refusals)
            ? TypedResults.Ok(new CodeEndorsementsResponse([.. endorsements.Select(one => new Bytes(one))]))
            : Problems.Refuse(refusals);
    }

    private static async Task<Results<FileContentHttpResult, JsonHttpResult<Problem>>> AttestAsync(
        string nonce, string? collaboration, IGrainFactory grains, NodeIdentity node, IssuedBindings issued, CancellationToken cancellationToken)
    {
        if (nonce.Length != NonceBytes * 2 || !nonce.All(char.IsAsciiHexDigitLower))
        {
            return Problems.Refuse(new Refusal(RefusalCode.DocumentInvalid, "a nonce of 64 lower-case hex digits", $"{nonce.Length} characters"));
        }

        var bytes = new Bytes(Convert.FromHexString(nonce));
        var subject = collaboration is null
            ? BindingSubject.Admission(bytes)
            : (await CollaborationEndpoints.RoomAsync(collaboration, grains, room => room.SubjectAsync())).Then(room => Result.Accept(room.ToSubject(bytes, BindingPurpose.Room)));
        if (!subject.TryGet(out var asked, out var refusals))
        {
            return Problems.Refuse(refusals);
        }

        // By this node: its key is what the channel is sealed to, wherever in the cluster the room is.
        var attestation = await node.AttestAsync(asked, cancellationToken);
        issued.Add(DocumentCodec.DigestOf(attestation.Binding));
        return TypedResults.Bytes(DocumentCodec.Encode(attestation), "application/json");
    }

    private static async Task<Results<Ok<DestructionResponse>, JsonHttpResult<Problem>>> DestructionAsync(string collaboration, IGrainFactory grains)
    {
        if (!CollaborationEndpoints.Room(collaboration).TryGet(out _, out var noRoom))
        {
            return Problems.Refuse(noRoom);
        }

        return (await grains.GetGrain<IDestructionGrain>(collaboration).ReadAsync()).ToResult().TryGet(out var certificates, out var refusals)
            ? TypedResults.Ok(new DestructionResponse([.. certificates.Select(certificate => new Bytes(certificate))]))
            : Problems.Refuse(refusals);
    }
}
