using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CleanRoom.Node.Configuration;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Architecture.Tests.Infrastructure;

/// <summary>Texts of node.json that infra has or makes, read by the node's own reader.</summary>
internal sealed partial class NodeConfigurations : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Reads a configuration that has to be taken.</summary>
    public NodeOptions Read(string text)
    {
        var read = TryRead(text);
        read.IsAccepted.Should().BeTrue(string.Join("; ", read.Refusals.Select(refusal => $"wanted {refusal.Wanted}, got {refusal.Got}")));
        return read.Value;
    }

    /// <summary>Reads a configuration. The reader wants the files of secrets to be there: each is one of this test's.</summary>
    public Result<NodeOptions> TryRead(string text) =>
        NodeOptionsFile.Read(Write("node.json", FileMember().Replace(text, match => $"{match.Groups[1].Value}\"{Write("secret", "x")}\"")));

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }

    /// <summary>Returns the paths of files that a configuration names.</summary>
    public static IEnumerable<string> Files(string text) => Files(JsonNode.Parse(text, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip }));

    private static IEnumerable<string> Files(JsonNode? value) => value is not JsonObject members ? [] : members.SelectMany(member =>
        member.Key.EndsWith("File", StringComparison.Ordinal) && member.Value is not null ? [(string)member.Value!] : Files(member.Value));

    [GeneratedRegex("(\"\\w+File\": *)\"[^\"]+\"")]
    private static partial Regex FileMember();
}
