using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;

namespace CleanRoom.Client.Rooms;

/// <summary>The paths of the API with their places filled in.</summary>
internal static class ApiPaths
{
    public static string Of(string route, string collaboration) => Fill(route, "{collaboration}", collaboration);

    public static string OfQuery(string route, string collaboration, Digest query) => Fill(Of(route, collaboration), "{query}", query.ToString());

    public static string OfManifest(string collaboration, Digest manifest) =>
        Fill(Of(ApiRoutes.Ingest, collaboration), "{manifest}", manifest.ToString());

    public static string OfPart(string upload, Digest digest) => Fill(Fill(ApiRoutes.Part, "{upload}", upload), "{digest}", digest.ToString());

    /// <summary>Returns where the parts of an upload are put, in front of a digest.</summary>
    public static string OfParts(string upload) => Fill(Fill(ApiRoutes.Part, "{upload}", upload), "{digest}", string.Empty);

    private static string Fill(string route, string place, string value) =>
        route.Replace(place, Uri.EscapeDataString(value), StringComparison.Ordinal);
}
