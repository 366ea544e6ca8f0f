using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Keys;
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

    public static void MapAttestation(this IEndpointRouteBuilder routes) =>
        routes.MapGet(ApiRoutes.Attestation, AttestAsync)
            .WithName("attest")
            .WithSummary("Evidence over a fresh nonce, as canonical JSON.")
            .WithTags("attestation");

    private static async Task<Results<FileContentHttpResult, JsonHttpResult<Problem>>> AttestAsync(
        string nonce, string? collaboration, IGrainFactory grains, IssuedBindings issued)
    {
        if (nonce.Length != NonceBytes * 2 || !nonce.All(char.IsAsciiHexDigitLower))
        {
            return Problems.Refuse(new Refusal(RefusalCode.DocumentInvalid, "a nonce of 64 lower-case hex digits", $"{nonce.Length} characters"));
        }

        var bytes = Convert.FromHexString(nonce);
        var attestation = collaboration is null
            ? Result.Accept(await grains.GetGrain<IKeyringGrain>(Guid.NewGuid()).AttestAsync(bytes))
            : Digest.TryParse(collaboration, out _)
                ? (await grains.GetGrain<ICollaborationGrain>(collaboration).AttestAsync(bytes)).ToResult()
                : new Refusal(RefusalCode.DocumentInvalid, "a collaboration id of 64 lower-case hex digits", $"{collaboration.Length} characters");
        if (!attestation.TryGet(out var encoded, out var refusals))
        {
            return Problems.Refuse(refusals);
        }

        issued.Add(DocumentCodec.DigestOf(DocumentCodec.ParseAttestation(encoded).Value.Binding));
        return TypedResults.Bytes(encoded, "application/json");
    }
}
