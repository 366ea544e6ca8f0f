using System.Text.Json.Nodes;

namespace CleanRoom.Node.Tests.Api.Negative;

/// <summary>Makes a message from its schema alone, for an operation that nobody has made a good one for.</summary>
internal static class JsonSamples
{
    private static readonly string[] _texts = ["AAAA", new('a', 64), "2026-01-31T08:00:00.000Z"];

    public static JsonNode? Of(JsonNode schema)
    {
        var resolved = JsonKinds.Object(schema);
        var type = resolved["type"] is JsonArray types ? types.Select(one => one!.ToString()).First(one => one != "null") : resolved["type"]?.ToString();
        return type switch
        {
            "object" when resolved["properties"] is JsonObject properties =>
                new JsonObject(properties.Select(property => KeyValuePair.Create(property.Key, Of(property.Value!)))),
            "object" => new JsonObject { ["a"] = resolved["additionalProperties"] is { } inner ? Of(inner) : null },
            "array" => new JsonArray(resolved["items"] is { } items ? Of(items) : null),
            "boolean" => true,
            "integer" or "number" => 1,
            _ => resolved["enum"]?[0]?.DeepClone() ?? _texts.First(text => JsonKinds.Allows(resolved, $"\"{text}\"")),
        };
    }
}
