using System.Collections.Immutable;
using System.Net.Mime;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Node.Channels;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace CleanRoom.Node.Api;

/// <summary>Lets a message through to its operation only in the channel, and only in the form that the API describes.</summary>
/// <remarks>
/// The framework binds what it is given: members that are null, missing, twice, of another case or unknown would reach an operation or be
/// dropped in silence. Here is the one place that refuses them, for every operation that takes a message. Spec: contracts/spec/0013 s.7.
/// </remarks>
internal sealed class MessageMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } message
            && Check(context.Request, context.Features.Get<ChannelFeature>(), message) is { IsEmpty: false } refusals)
        {
            await Problems.Refuse(refusals).ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private static ImmutableArray<Refusal> Check(HttpRequest request, ChannelFeature? channel, Type message)
    {
        if (channel is null)
        {
            return [Inner.NoChannel];
        }

        if (!IsUtf8Json(request.ContentType))
        {
            return [new(RefusalCode.DocumentInvalid, "a body of type application/json in utf-8", request.ContentType is null ? "a body of no type" : "another type")];
        }

        return ApiShape.Check(channel.Body.Span, message, ChannelFormat.MaxRequestBytes);
    }

    private static bool IsUtf8Json(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
