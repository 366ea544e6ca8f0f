using CleanRoom.Grains;
using CleanRoom.Grains.Datasets;
using CleanRoom.Grains.Telemetry;
using CleanRoom.Node.Admission;
using CleanRoom.Node.Uploads;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Storage.Objects;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CleanRoom.Node.Api;

/// <summary>Uploads and ingest.</summary>
internal static class DatasetEndpoints
{
    private const string Tag = "datasets";

    // 8 MiB of plaintext with its header and one tag a segment.
    private const int MaxPartBytes = (8 << 20) + (16 << 10);

    public static void MapDatasets(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(ApiRoutes.Uploads, BeginAsync).RequireSession().WithName("begin-upload").WithTags(Tag)
            .WithSummary("A token for the sealed parts of one upload, while the contract is active.");
        routes.MapPut(ApiRoutes.Part, PutPartAsync).WithName("put-part").WithTags(Tag)
            .WithSummary("One sealed part, named by its SHA-256. Outside the channel: the bytes are ciphertext already.");
        routes.MapGet(ApiRoutes.Ingest, IngestAsync).RequireSession().WithName("ingest").WithTags(Tag)
            .WithSummary("How far a dataset version is on its way in, and its sealed report.");
    }

    private static async Task<Results<Ok<UploadResponse>, JsonHttpResult<Problem>>> BeginAsync(
        string collaboration, UploadRequest request, HttpContext context, IGrainFactory grains, UploadTokens tokens, UploadQuotas quotas)
    {
        var allowed = await CollaborationEndpoints.RoomAsync(
            collaboration, grains, room => room.MayUploadAsync(context.Session().Collaborator, request.Dataset));
        if (!allowed.TryGet(out var kept, out var refusals))
        {
            return Problems.Refuse(refusals);
        }

        if (!ObjectName.TryParse(request.Upload, out _))
        {
            return Problems.Refuse(new Refusal(RefusalCode.DocumentInvalid, "an upload of 32 lower-case hex digits", $"{request.Upload.Length} characters"));
        }

        var (token, expires) = tokens.Issue(request.Upload);
        if (quotas.Begin(collaboration, request.Upload, expires, kept) is { } many)
        {
            return Problems.Refuse(many);
        }

        return TypedResults.Ok(new UploadResponse(token, expires, MaxPartBytes));
    }

    private static async Task<Results<NoContent, JsonHttpResult<Problem>>> PutPartAsync(
        string upload, string digest, HttpContext context, UploadTokens tokens, UploadQuotas quotas, AdmissionControl admission, IObjectStore objects)
    {
        var token = context.Request.Headers.Authorization.ToString();
        const string scheme = "Bearer ";
        if (!token.StartsWith(scheme, StringComparison.Ordinal) || !tokens.IsValid(upload, token[scheme.Length..]))
        {
            return Problems.Refuse(new Refusal(RefusalCode.NotPermitted, "a token for this upload that has not expired", "another"));
        }

        if (context.Request.ContentLength is not { } length || length is < 1 or > MaxPartBytes)
        {
            return Problems.Refuse(new Refusal(RefusalCode.DocumentTooLarge, $"a part of 1 to {MaxPartBytes} bytes, with its length", $"{context.Request.ContentLength}"));
        }

        if (!Digest.TryParse(digest, out var wanted))
        {
            return Problems.Refuse(new Refusal(RefusalCode.PartInvalid, "a part named by its SHA-256, 64 lower-case hex digits", $"{digest.Length} characters"));
        }

        if (quotas.Add(upload, length) is { } full)
        {
            return Problems.Refuse(full);
        }

        var isCounted = false;
        try
        {
            using var admitted = await admission.PartAsync(context.RequestAborted);
            if (admitted.Refusal is not null)
            {
                return Problems.RefuseForNow(admitted, context.Response);
            }

            var outcome = await StoreAsync(upload, wanted, length, context, objects);
            isCounted = outcome is { IsAccepted: true, Value: PutOutcome.Stored };
            return outcome.IsAccepted ? TypedResults.NoContent() : Problems.Refuse(outcome.Refusals);
        }
        finally
        {
            if (!isCounted)
            {
                quotas.Return(upload, length);
            }
        }
    }

    /// <summary>Keeps a part: stored now, or there already.</summary>
    private static async Task<Result<PutOutcome>> StoreAsync(string upload, Digest wanted, long length, HttpContext context, IObjectStore objects)
    {
        await using var content = new PartContent(context.Request.Body, length, wanted);
        PutOutcome outcome;
        try
        {
            outcome = await objects.PutAsync(ObjectContainer.Uploads, PartNames.Of(upload, wanted), content, context.RequestAborted);
            if (outcome == PutOutcome.ContentConflict)
            {
                // The store stops at the first byte that differs: read to its end, another part says so itself, and what is left is a damaged store.
                await content.CopyToAsync(Stream.Null, context.RequestAborted);
            }
        }
        catch (PartDigestException other)
        {
            return new Refusal(RefusalCode.PartInvalid, $"bytes with SHA-256 {wanted}", $"SHA-256 {other.Got}");
        }

        if (outcome == PutOutcome.Stored)
        {
            RoomMetrics.PartStored(length);
        }

        return outcome is PutOutcome.Stored or PutOutcome.AlreadyStored
            ? outcome
            : new Refusal(RefusalCode.StorageFailed, "a store that takes the part", $"{outcome}");
    }

    private static async Task<Results<Ok<IngestResponse>, JsonHttpResult<Problem>>> IngestAsync(
        string collaboration, string manifest, HttpContext context, IGrainFactory grains)
    {
        if (!Digest.TryParse(manifest, out var digest))
        {
            return Problems.Refuse(new Refusal(RefusalCode.DatasetUnknown, "a manifest digest of 64 lower-case hex digits", $"{manifest.Length} characters"));
        }

        var owner = await CollaborationEndpoints.RoomAsync(
            collaboration, grains, room => room.MayReadReportAsync(context.Session().Collaborator, manifest));
        if (!owner.IsAccepted)
        {
            return Problems.Refuse(owner.Refusals);
        }

        var view = await grains.GetGrain<IDatasetGrain>(GrainKeys.Of(collaboration, digest)).ViewAsync();
        return TypedResults.Ok(Messages.Of(view));
    }
}
