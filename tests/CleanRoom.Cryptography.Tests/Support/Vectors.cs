using System.Text.Json.Nodes;
using CleanRoom.Protocol;
using CleanRoom.TestKit;

namespace CleanRoom.Cryptography.Tests.Support;

/// <summary>Finds vectors: the repository's own, and the published ones that lie beside a checkout.</summary>
internal static class Vectors
{
    /// <summary>Reads one of the repository's own files; they are always there.</summary>
    internal static JsonNode Own(string name) => Read(RepositoryFiles.Committed("contracts", "vectors", "crypto", name));

    /// <summary>Reads a published file, or skips the test when the folder is not there.</summary>
    internal static JsonNode Shared(string name)
    {
        var folder = RepositoryFiles.Shared("vectors");
        Assert.SkipWhen(folder is null, "the published vectors (shared/vectors beside the checkout) are not there");
        return Read(Path.Combine(folder, "crypto", name));
    }

    internal static byte[] Hex(this JsonNode? node) => Convert.FromHexString(node.Text());

    internal static Bytes HexBytes(this JsonNode? node) => new(node.Hex());

    internal static string Text(this JsonNode? node) => node!.GetValue<string>();

    internal static int Int(this JsonNode? node) => node!.GetValue<int>();

    internal static long Long(this JsonNode? node) => node!.GetValue<long>();

    internal static IEnumerable<JsonNode> Items(this JsonNode? node) => node!.AsArray().Select(item => item!);

    internal static SecretBytes Secret(this JsonNode? node) => SecretBytes.Take(node.Hex());

    private static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllBytes(path))!;
}
