using CleanRoom.Cryptography.Channel;
using CleanRoom.Node.Api;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using Microsoft.AspNetCore.Http.Features;

namespace CleanRoom.Node.Channels;

/// <summary>Opens sealed requests and seals their responses, so that the endpoints behind it see plain HTTP and nobody before it does.</summary>
/// <remarks>Spec: contracts/spec/0011. A load balancer sees method POST, the path, and sizes.</remarks>
internal sealed class ChannelMiddleware(RequestDelegate next, ChannelServer server)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!string.Equals(context.Request.ContentType, ChannelFormat.MediaType, StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        var method = context.Request.Headers[ApiRoutes.MethodHeader].ToString();
        var path = context.Request.Path.ToString() + context.Request.QueryString.ToString();
        if (!(await ReadAsync(context)).TryGet(out var body, out var refusals)
            || !(await server.OpenAsync(method, path, body, context.RequestAborted)).TryGet(out var exchange, out refusals))
        {
            await Problems.RefuseSealed(refusals).ExecuteAsync(context);
            return;
        }

        using (exchange)
        {
            await RunAsync(context, exchange);
        }
    }

    private async Task RunAsync(HttpContext context, ChannelExchange exchange)
    {
        var request = context.Request;
        request.Method = exchange.Request.Method;
        request.ContentType = exchange.Request.ContentType.Length == 0 ? null : exchange.Request.ContentType;
        request.Body = new MemoryStream(exchange.Request.Body.ToArray(), writable: false);
        request.ContentLength = exchange.Request.Body.Length;
        context.Features.Set(new ChannelFeature(exchange.BindingDigest, exchange.Request.Authorization, exchange.Request.Body));
        await using var body = new SealedResponseBody(context, exchange);
        context.Features.Set<IHttpResponseBodyFeature>(body);
        await next(context);
        await body.CompleteAsync();
    }

    private static async Task<Result<byte[]>> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength is not { } length || length > ChannelFormat.MaxRequestBytes)
        {
            return new Refusal(
                RefusalCode.DocumentTooLarge,
                $"at most {ChannelFormat.MaxRequestBytes} bytes, with their number",
                context.Request.ContentLength is { } announced ? $"{announced} bytes" : "no number");
        }

        try
        {
            var body = new byte[length];
            await context.Request.Body.ReadExactlyAsync(body, context.RequestAborted);
            return body;
        }
        catch (Exception exception) when (exception is BadHttpRequestException or EndOfStreamException)
        {
            // No handler of errors stands in front of the channel.
            return new Refusal(RefusalCode.ChannelInvalid, $"{length} bytes", "a body that ended before them");
        }
    }
}
