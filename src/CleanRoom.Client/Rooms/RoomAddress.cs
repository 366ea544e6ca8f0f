using CleanRoom.Protocol;

namespace CleanRoom.Client.Rooms;

/// <summary>Where a room answers. Trusted for nothing: who answers there is appraised.</summary>
public sealed record RoomAddress
{
    private readonly Uri _origin;

    private RoomAddress(Uri origin) => _origin = origin;

    /// <summary>Reads <c>http(s)://host[:port]</c>. The channel binds paths, so the address has none.</summary>
    /// <returns>The address, or <see cref="RefusalCode.DocumentInvalid"/>.</returns>
    public static Result<RoomAddress> Parse(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.PathAndQuery == "/" && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0
            ? new RoomAddress(uri)
            : new Refusal(RefusalCode.DocumentInvalid, "a room address of the form http(s)://host[:port]", "another text");

    /// <inheritdoc/>
    public override string ToString() => _origin.GetLeftPart(UriPartial.Authority);

    /// <summary>Returns the address of a path with its query.</summary>
    internal Uri At(string path) => new(_origin, path);
}
