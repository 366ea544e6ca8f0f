using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.TestKit;

namespace CleanRoom.Protocol.Tests.Publication;

/// <summary>Files under <c>contracts/</c> that this project makes. Tests compare; explicit tests rewrite.</summary>
/// <remarks>To rewrite: <c>dotnet run --project tests/CleanRoom.Protocol.Tests -- --explicit only --filter-method "*Rewrite*"</c>.</remarks>
internal static class CommittedFiles
{
    private static readonly JsonSerializerOptions _indented = new()
    {
        WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Folder(params string[] path) => RepositoryFiles.Committed(["contracts", .. path]);

    public static JsonElement Json(params string[] path) => JsonDocument.Parse(File.ReadAllBytes(Folder(path))).RootElement;

    public static byte[] Indented(JsonNode json) => [.. JsonSerializer.SerializeToUtf8Bytes(json, _indented), (byte)'\n'];

    /// <summary>Fails for every file that is missing, superfluous or different.</summary>
    public static void ShouldBe(string folder, IReadOnlyDictionary<string, byte[]> files)
    {
        var committed = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(file => !file.EndsWith(".md", StringComparison.Ordinal));
        committed.Should().BeEquivalentTo(files.Keys);
        foreach (var (name, content) in files)
        {
            File.ReadAllBytes(Path.Combine(folder, name)).Should().Equal(content, name);
        }
    }

    /// <summary>Writes the files and deletes the others, except descriptions.</summary>
    public static void Rewrite(string folder, IReadOnlyDictionary<string, byte[]> files)
    {
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (!old.EndsWith(".md", StringComparison.Ordinal))
            {
                File.Delete(old);
            }
        }

        foreach (var (name, content) in files)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!); // Not null: the folder itself is above it.
            File.WriteAllBytes(path, content);
        }
    }
}
