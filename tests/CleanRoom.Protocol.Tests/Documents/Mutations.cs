using System.Text.Json.Nodes;
using CleanRoom.Protocol.Json;
using JsonArray = System.Text.Json.Nodes.JsonArray;
using JsonObject = System.Text.Json.Nodes.JsonObject;

namespace CleanRoom.Protocol.Tests.Documents;

/// <summary>Makes every canonical document that differs from a good one in one place.</summary>
internal static class Mutations
{
    /// <summary>Leaves out one member at a time, of records and not of maps.</summary>
    public static IEnumerable<(byte[] Utf8, string Path)> WithoutEachMember(byte[] document) =>
        from path in Objects(JsonNode.Parse(document)!, "$")
        let names = At(JsonNode.Parse(document)!, path).AsObject().Select(member => member.Key).ToList()
        from name in names
        where !IsOptional(path, name)
        select (Change(document, path, o => o.AsObject().Remove(name)), $"{path}.{name}");

    /// <summary>Adds one member at a time to every record.</summary>
    public static IEnumerable<(byte[] Utf8, string Path)> WithUnknownMembers(byte[] document) =>
        from path in Objects(JsonNode.Parse(document)!, "$")
        where !IsMap(path)
        from name in new[] { "unknown", "$type", "sqlName" }
        select (Change(document, path, o => o.AsObject().Add(name, "x")), path);

    /// <summary>Puts null for every array, every item of an array and every value of a map.</summary>
    public static IEnumerable<(byte[] Utf8, string Path)> WithNulls(byte[] document)
    {
        foreach (var path in Arrays(JsonNode.Parse(document)!, "$"))
        {
            yield return (Change(document, path, array => array.ReplaceWith<JsonNode?>(null)), path);
            yield return (Change(document, path, array => array.AsArray().Add(null)), $"{path}[last]");
        }

        foreach (var path in Objects(JsonNode.Parse(document)!, "$").Where(IsMap))
        {
            yield return (Change(document, path, map => map.AsObject().Add("x", null)), $"{path}.x");
        }
    }

    private static bool IsMap(string path) =>
        path.EndsWith(".columns", StringComparison.Ordinal) || path.EndsWith(".values", StringComparison.Ordinal)
        || path.EndsWith(".minimumTcb", StringComparison.Ordinal) || path.EndsWith(".parameters", StringComparison.Ordinal);

    /// <remarks>The members that their documents declare as absent when they grant nothing, and the entries of maps.</remarks>
    private static bool IsOptional(string path, string name) =>
        IsMap(path)
        || name is "domain" or "grain" or "scale" or "normalise" or "public" or "values" or "step"
        || name is "releases" or "rekeyed" or "everyRowHasUnit"
        || (name is "clamp" && path.Contains(".columns.", StringComparison.Ordinal))
        || (name is "min" or "max" && !path.EndsWith(".clamp", StringComparison.Ordinal));

    private static IEnumerable<string> Objects(JsonNode? node, string path) => node switch
    {
        JsonObject o => o.SelectMany(member => Objects(member.Value, $"{path}.{member.Key}")).Prepend(path),
        JsonArray a => a.SelectMany((item, i) => Objects(item, $"{path}.{i}")),
        _ => [],
    };

    private static IEnumerable<string> Arrays(JsonNode? node, string path) => node switch
    {
        JsonObject o => o.SelectMany(member => Arrays(member.Value, $"{path}.{member.Key}")),
        JsonArray a => a.SelectMany((item, i) => Arrays(item, $"{path}.{i}")).Prepend(path),
        _ => [],
    };

    private static byte[] Change(byte[] document, string path, Action<JsonNode> change)
    {
        var root = JsonNode.Parse(document)!;
        change(At(root, path));
        return Jcs.Canonicalize(System.Text.Encoding.UTF8.GetBytes(root.ToJsonString()), int.MaxValue).Value;
    }

    private static JsonNode At(JsonNode root, string path) =>
        path.Split('.')[1..].Aggregate(root, (node, step) => node is JsonArray a
            ? a[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]!
            : node[step]!);
}
