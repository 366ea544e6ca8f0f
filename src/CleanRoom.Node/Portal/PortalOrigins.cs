using CleanRoom.Protocol.Api;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace CleanRoom.Node.Portal;

/// <summary>Which pages of other origins may call the API from a browser: those that a collaborator's own machine serves.</summary>
/// <remarks>
/// The API knows no cookie and no other ambient right: what a call may do is sealed inside it, so a page gains nothing that it could not do
/// from a program. Loopback alone is let in all the same, so that a website that somebody visits cannot speak to a room through that browser.
/// </remarks>
internal static class PortalOrigins
{
    private static readonly TimeSpan _remembered = TimeSpan.FromHours(2);

    /// <summary>Sets the policy: no credentials, the methods and headers that a client uses.</summary>
    public static void Allow(CorsPolicyBuilder policy) => policy
        .SetIsOriginAllowed(IsLoopback)
        .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Put)
        .WithHeaders(HeaderNames.ContentType, HeaderNames.Authorization, ApiRoutes.MethodHeader)
        .DisallowCredentials()
        .SetPreflightMaxAge(_remembered);

    /// <summary>Says whether an origin is a page served on the machine of whoever looks at it.</summary>
    internal static bool IsLoopback(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.Host is "127.0.0.1" or "localhost" or "[::1]";
}
