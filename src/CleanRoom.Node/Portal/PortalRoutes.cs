using CleanRoom.Protocol.Portal;
using Microsoft.Net.Http.Headers;

namespace CleanRoom.Node.Portal;

/// <summary>Serves the portal under /portal.</summary>
internal static class PortalRoutes
{
    private const string Prefix = "/portal";

    /// <summary>Maps the portal's files.</summary>
    /// <param name="routes">The host.</param>
    /// <param name="files">What is served.</param>
    /// <param name="connect">The sources for <c>connect-src</c>.</param>
    public static void MapPortal(this IEndpointRouteBuilder routes, PortalFiles files, string connect) =>
        routes.MapMethods($"{Prefix}/{{**path}}", ["GET", "HEAD"], context => ServeAsync(context, files, connect)).ExcludeFromDescription();

    private static async Task ServeAsync(HttpContext context, PortalFiles files, string connect)
    {
        var path = context.Request.RouteValues["path"] as string ?? string.Empty;
        var response = context.Response;
        if (path.Length == 0 && !context.Request.Path.Value!.EndsWith('/'))
        {
            response.Redirect($"{Prefix}/");
            return;
        }

        PortalPolicy.Apply(response.Headers, connect, files.ImportMap);
        if (path == PortalFileList.FileName)
        {
            await SendListAsync(context, files.List);
            return;
        }

        if (files.Find(path) is not { } file)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // The name stays when the content changes: the browser asks each time, and is told when nothing did.
        var tag = new EntityTagHeaderValue($"\"{file.Digest.Abbreviated}\"");
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = tag.ToString();
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = file.ContentType;
        var isBrotli = file.BrotliPath is not null
            && context.Request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value == "br" && encoding.Quality is null or > 0);
        if (isBrotli)
        {
            response.Headers.ContentEncoding = "br";
        }

        var sent = isBrotli ? file.BrotliPath! : file.Path;
        response.ContentLength = new FileInfo(sent).Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.SendFileAsync(sent, context.RequestAborted);
        }
    }

    private static async Task SendListAsync(HttpContext context, PortalFileList list)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "text/plain; charset=us-ascii";
        context.Response.ContentLength = list.Encoded.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(list.Encoded.Memory, context.RequestAborted);
        }
    }
}
