namespace CleanRoom.Node.Portal;

/// <summary>The headers that the portal's page is served with.</summary>
/// <remarks>
/// No inline script but the import map, which holds digests, and no other origin. MudBlazor sets style attributes, hence <c>'unsafe-inline'</c> for styles alone; WebAssembly needs
/// <c>'wasm-unsafe-eval'</c>. Reasons: infra/docs/threat-model.md.
/// </remarks>
internal static class PortalPolicy
{
    /// <summary>Where a page that a node serves may connect: that node.</summary>
    public const string OwnNode = "'self'";

    /// <summary>Where a page on the collaborator's own machine may connect: any room over TLS, and rooms on this machine.</summary>
    public const string AnyRoom = "'self' https: http://127.0.0.1:* http://localhost:*";

    /// <summary>Sets the headers.</summary>
    /// <param name="headers">Of the answer.</param>
    /// <param name="connect">The sources for <c>connect-src</c>.</param>
    /// <param name="importMap">The digest of the page's import map, as a source.</param>
    public static void Apply(IHeaderDictionary headers, string connect, string importMap)
    {
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {importMap}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
            + $"font-src 'self'; connect-src {connect}; worker-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'; "
            + "object-src 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
    }
}
