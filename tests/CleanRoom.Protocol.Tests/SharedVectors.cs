using System.Text.Json;
using CleanRoom.TestKit;

namespace CleanRoom.Protocol.Tests;

/// <summary>Finds the published vectors that lie beside the repository and are not committed to it.</summary>
internal static class SharedVectors
{
    /// <summary>Reads a file of <c>shared/vectors/crypto</c>, or skips the test.</summary>
    public static byte[] Read(params string[] path) => File.ReadAllBytes(Path.Combine([Folder(), .. path]));

    /// <summary>Reads a JSON file of <c>shared/vectors/crypto</c>, or skips the test.</summary>
    public static JsonElement Json(params string[] path) => JsonDocument.Parse(Read(path)).RootElement;

    private static string Folder()
    {
        var folder = RepositoryFiles.Shared("vectors", "crypto");
        Assert.SkipWhen(folder is null, "the folder shared/vectors is not beside the repository");
        return folder;
    }
}
