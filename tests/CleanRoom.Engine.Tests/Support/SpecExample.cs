using CleanRoom.TestKit;

namespace CleanRoom.Engine.Tests.Support;

/// <summary>Reads worked examples from a page of contracts/spec: fenced blocks of hex pairs, words after #.</summary>
internal static class SpecExample
{
    /// <summary>Returns the bytes of the block that is fenced by <c>```hex name</c>.</summary>
    public static byte[] Read(string page, string name)
    {
        var block = Text(page).Split('\n').SkipWhile(line => line != $"```hex {name}").Skip(1).TakeWhile(line => line != "```").ToArray();
        block.Should().NotBeEmpty($"wanted the example {name} in {page}");
        return [.. block.SelectMany(line => Convert.FromHexString(line.Split('#')[0].Replace(" ", "", StringComparison.Ordinal)))];
    }

    /// <summary>Returns the page.</summary>
    public static string Text(string page) => File.ReadAllText(RepositoryFiles.Committed("contracts", "spec", page));
}
