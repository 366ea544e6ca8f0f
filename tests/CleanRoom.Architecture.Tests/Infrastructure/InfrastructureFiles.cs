using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.TestKit;

namespace CleanRoom.Architecture.Tests.Infrastructure;

/// <summary>Files of infra as parsers of npm read them: Terraform as HashiCorp's own parser does, YAML as js-yaml does (<c>read.cjs</c>).</summary>
internal static class InfrastructureFiles
{
    private static readonly string _folder = RepositoryFiles.Committed("tests", "CleanRoom.Architecture.Tests", "Infrastructure");

    private static readonly bool _isInstalled = Directory.Exists(Path.Combine(_folder, "node_modules", "@cdktn", "hcl2json"));

    /// <summary>Reads files; in CI the parsers have to be there, elsewhere a test without them is skipped.</summary>
    /// <param name="paths">Relative to the root, or whole.</param>
    /// <returns>By path: <c>hcl</c> with <c>references</c> and <c>templates</c>, or <c>yaml</c> (a list of documents), or <c>error</c>.</returns>
    public static IReadOnlyDictionary<string, JsonObject> Read(IEnumerable<string> paths)
    {
        Assert.SkipWhen(
            !_isInstalled && Environment.GetEnvironmentVariable("CI") != "true",
            "no parsers are installed (npm ci --prefix tests/CleanRoom.Architecture.Tests/Infrastructure --ignore-scripts)");
        using var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(_folder, "read.cjs"), .. paths])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RepositoryFiles.Root,
        })!;
        var trouble = process.StandardError.ReadToEndAsync();
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0, trouble.GetAwaiter().GetResult());
        return JsonSerializer.Deserialize<Dictionary<string, JsonObject>>(answer)!;
    }

    /// <summary>Reads one YAML file that has one document.</summary>
    public static JsonObject Yaml(string path) => Documents(path).Should().ContainSingle().Which;

    /// <summary>Reads the documents of one YAML file.</summary>
    public static IReadOnlyList<JsonObject> Documents(string path)
    {
        var answer = Read([path])[path];
        answer["error"]?.GetValue<string>().Should().BeNull(path);
        return [.. answer["yaml"]!.AsArray().OfType<JsonObject>()];
    }
}
