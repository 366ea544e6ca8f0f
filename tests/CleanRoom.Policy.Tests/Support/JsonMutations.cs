using System.Text.Json.Nodes;
using CsCheck;

namespace CleanRoom.Policy.Tests.Support;

/// <summary>Changes JSON anywhere: other kinds, other numbers, other names, missing members, copies of other parts.</summary>
internal static class JsonMutations
{
    private static readonly string[] _values =
    [
        "null", "true", "false", "0", "1", "-1", "7", "18446744073709551615", "1e400", "\"\"", "\"x\"", "\"INNER\"", "\"user_id\"", "\"vip\"",
        "\"LOGICAL_GET\"", "\"BOUND_REF\"", "\"SELECT_NODE\"", "\"COLUMN_REF\"", "\"half a character\"", "[]", "[null]", "{}", "{\"type\":\"SELECT_NODE\"}",
        "{\"upper\":1,\"lower\":{\"upper\":1,\"lower\":2}}",
    ];

    /// <summary>One to three changes, each at a place and of a kind that the numbers choose.</summary>
    public static Gen<(int Place, int Kind, int Other)[]> Choices { get; } =
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 4 + _values.Length], Gen.Int[0, 1_000_000]).Array[1, 3];

    /// <summary>Returns the text after the changes.</summary>
    public static string Apply(string json, (int Place, int Kind, int Other)[] choices)
    {
        var root = JsonNode.Parse(json)!;
        foreach (var (place, kind, other) in choices)
        {
            var places = Places(root).ToList();
            if (places.Count > 0)
            {
                Change(places, places[place % places.Count], kind, other);
            }
        }

        return root.ToJsonString().Replace("half a character", "\\ud800", StringComparison.Ordinal);
    }

    private static void Change(List<(JsonNode Owner, string? Name, int Index)> places, (JsonNode Owner, string? Name, int Index) at, int kind, int other)
    {
        if (kind == 0)
        {
            Remove(at);
            return;
        }

        var from = places[other % places.Count];
        var value = kind <= 3 ? Value(from)?.DeepClone() : JsonNode.Parse(_values[kind - 4 < _values.Length ? kind - 4 : 0]);
        if (at.Owner is JsonArray array)
        {
            array[at.Index] = value;
        }
        else
        {
            at.Owner[at.Name!] = value;
        }
    }

    private static JsonNode? Value((JsonNode Owner, string? Name, int Index) at) => at.Name is null ? at.Owner[at.Index] : at.Owner[at.Name];

    private static void Remove((JsonNode Owner, string? Name, int Index) at)
    {
        if (at.Owner is JsonArray array)
        {
            array.RemoveAt(at.Index);
        }
        else
        {
            at.Owner.AsObject().Remove(at.Name!);
        }
    }

    private static IEnumerable<(JsonNode Owner, string? Name, int Index)> Places(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(member => Places(member.Value).Prepend((o, member.Key, -1))),
        JsonArray a => a.SelectMany((item, index) => Places(item).Prepend((a, null, index))),
        _ => [],
    };
}
