using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Grains.Telemetry;
using CleanRoom.Node.Admission;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CleanRoom.Node.Api;

/// <summary>Refusals as RFC 9457 problems.</summary>
internal static class Problems
{
    private const string MediaType = "application/problem+json";

    // A refusal may quote what was asked for: a caller is told enough to know it again, and gets no megabyte back.
    private const int MaxTextLength = 1024;

    /// <summary>Returns the problem of one or more refusals; the first decides type and status.</summary>
    public static JsonHttpResult<Problem> Refuse(ImmutableArray<Refusal> refusals) => Refuse(refusals, StatusOf(refusals[0].Code));

    /// <summary>Returns the problem of a request that no channel takes: its time, too, is the caller's doing, and no fault of this machine.</summary>
    public static JsonHttpResult<Problem> RefuseSealed(ImmutableArray<Refusal> refusals) =>
        Refuse(refusals, refusals[0].Code == RefusalCode.ClockWrong ? StatusCodes.Status400BadRequest : StatusOf(refusals[0].Code));

    /// <summary>Returns the problem of what is not taken on now, with the time after which it is worth asking again: in the problem, and for who is outside
    /// the channel in the header (RFC 9110 section 10.2.3).</summary>
    public static JsonHttpResult<Problem> RefuseForNow(Admitted admitted, HttpResponse response)
    {
        response.Headers.RetryAfter = admitted.RetryAfter.ToString(CultureInfo.InvariantCulture);
        return Refuse([admitted.Refusal!], StatusCodes.Status429TooManyRequests, admitted.RetryAfter);
    }

    private static JsonHttpResult<Problem> Refuse(ImmutableArray<Refusal> refusals, int status, int? retryAfter = null)
    {
        RoomMetrics.Refused(refusals[0]);
        refusals = [.. refusals.Select(r => r with { Wanted = Shown(r.Wanted), Got = Shown(r.Got) })];
        return TypedResults.Json(
            new Problem
            {
                Type = $"urn:cleanroom:error:{refusals[0].Slug}",
                Title = refusals[0].ToString(),
                Status = status,
                Reasons = [.. refusals.Select(r => new ProblemReason(r.Slug, r.Wanted, r.Got))],
                RetryAfter = retryAfter,
            },
            ApiJsonContext.Default.Problem,
            MediaType,
            status);
    }

    /// <summary>Returns a text of a refusal as it is shown: never empty, and with its length where it is cut.</summary>
    private static string Shown(string text) => text.Length switch
    {
        0 => "an empty text",
        <= MaxTextLength => text,
        _ => $"{text[..MaxTextLength]}... ({text.Length} characters)",
    };

    /// <summary>Returns the problem of one refusal.</summary>
    public static JsonHttpResult<Problem> Refuse(Refusal refusal) => Refuse([refusal]);

    /// <summary>Returns the HTTP status of a code.</summary>
    public static int StatusOf(RefusalCode code) => code switch
    {
        RefusalCode.DocumentTooLarge => StatusCodes.Status413PayloadTooLarge,
        RefusalCode.NotPermitted or RefusalCode.RoleMissing or RefusalCode.MemberRevoked or RefusalCode.MemberExpired
            or RefusalCode.SignatureUnknownKey or RefusalCode.SignatureInvalid or RefusalCode.SignatureMissing
            or RefusalCode.EvidenceNotAccepted or RefusalCode.InsecureNotAllowed => StatusCodes.Status403Forbidden,
        RefusalCode.CollaborationUnknown or RefusalCode.DatasetUnknown or RefusalCode.UploadUnknown or RefusalCode.QueryUnknown
            or RefusalCode.ResultUnknown => StatusCodes.Status404NotFound,
        RefusalCode.ContractNotActive or RefusalCode.ContractConflict or RefusalCode.ContractExpired or RefusalCode.Replayed
            or RefusalCode.Stale or RefusalCode.SequenceConflict or RefusalCode.Revoked or RefusalCode.Terminated
            or RefusalCode.CheckpointInconsistent or RefusalCode.BudgetExhausted or RefusalCode.QueryNotApproved
            or RefusalCode.QueryCancelled or RefusalCode.UploadIncomplete => StatusCodes.Status409Conflict,
        RefusalCode.QueryRefused or RefusalCode.QueryFailed or RefusalCode.DatasetRejected or RefusalCode.ContractInvalid => StatusCodes.Status422UnprocessableEntity,
        RefusalCode.TooManyRequests => StatusCodes.Status429TooManyRequests,
        RefusalCode.ReadOnly or RefusalCode.Unavailable or RefusalCode.StorageFailed or RefusalCode.ClockWrong => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };
}
