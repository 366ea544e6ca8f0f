using System.Text.Json;

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
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "vectors", "crypto");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        Assert.Skip("the folder shared/vectors is not beside the repository");
        return "";
    }
}
