using System.Text.Json;
using CleanRoom.TestKit;

namespace CleanRoom.Privacy.Tests.Support;

/// <summary>Finds the published vectors that lie beside the repository and are not committed to it, and those that are committed.</summary>
internal static class SharedVectors
{
    /// <summary>Reads a file of <c>shared/vectors/dp</c>, or skips the test.</summary>
    public static string Text(string file)
    {
        var folder = RepositoryFiles.Shared("vectors", "dp");
        Assert.SkipWhen(folder is null, "the folder shared/vectors/dp is not beside the repository");
        return File.ReadAllText(Path.Combine(folder, file));
    }

    /// <summary>Reads the entries of a list in a JSON file of <c>shared/vectors/dp</c>, or skips the test.</summary>
    public static IReadOnlyList<JsonElement> Entries(string file, string list) => List(Text(file), list);

    /// <summary>Reads the entries of a list in a file of <c>contracts/vectors/privacy</c>.</summary>
    public static IReadOnlyList<JsonElement> Committed(string file, string list) => List(CommittedText(file), list);

    /// <summary>Reads a file of <c>contracts/vectors/privacy</c>.</summary>
    public static string CommittedText(string file) =>
        File.ReadAllText(RepositoryFiles.Committed("contracts", "vectors", "privacy", file));

    private static IReadOnlyList<JsonElement> List(string text, string list) =>
        [.. JsonDocument.Parse(text).RootElement.GetProperty(list).EnumerateArray()];
}
