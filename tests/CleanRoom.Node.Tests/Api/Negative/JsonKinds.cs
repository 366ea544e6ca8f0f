using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CleanRoom.Node.Tests.Api.Negative;

/// <summary>What a schema of the API's description says of a value.</summary>
internal static class JsonKinds
{
    /// <summary>Returns the schema of the object, array or text that a place may hold, behind references and alternatives to null.</summary>
    public static JsonNode Object(JsonNode schema)
    {
        var resolved = ApiOperation.Resolve(schema);
        return resolved["oneOf"] is JsonArray choices
            ? ApiOperation.Resolve(choices.First(choice => ApiOperation.Resolve(choice!)["type"]?.ToString() != "null")!)
            : resolved;
    }

    /// <summary>Says whether a schema allows a value. What it does not say, it allows.</summary>
    /// <param name="schema">Null where the description has none.</param>
    /// <param name="raw">The value's text; what is no JSON is not allowed.</param>
    public static bool Allows(JsonNode? schema, string raw)
    {
        if (schema is null)
        {
            return true;
        }

        try
        {
            return Allows(schema, JsonNode.Parse(raw));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A lone surrogate is found when the text is asked for.
            return false;
        }
    }

    private static bool Allows(JsonNode schema, JsonNode? value)
    {
        var resolved = ApiOperation.Resolve(schema);
        if (resolved["oneOf"] is JsonArray choices)
        {
            return choices.Any(choice => Allows(choice!, value));
        }

        if (resolved["type"] is { } type && !(type is JsonArray types ? types.Select(one => one!.ToString()) : [type.ToString()]).Any(one => IsKind(one, value)))
        {
            return false;
        }

        return value switch
        {
            JsonArray a => resolved["items"] is not { } items || a.All(item => Allows(items, item)),
            JsonObject o => (resolved["required"]?.AsArray() ?? []).All(name => o.ContainsKey(name!.ToString()))
                && o.All(member => (resolved["properties"]?[member.Key] ?? resolved["additionalProperties"]) is not { } inner || Allows(inner, member.Value)),
            JsonValue v when v.GetValueKind() == JsonValueKind.String =>
                resolved["pattern"] is not { } pattern || Regex.IsMatch(v.GetValue<string>(), Whole(pattern.ToString()), RegexOptions.CultureInvariant),
            _ => true,
        };
    }

    /// <summary>Returns a pattern of ECMA-262 as .NET reads it: there its end is the end, here it may be before a line feed.</summary>
    private static string Whole(string pattern) => pattern.EndsWith('$') ? pattern[..^1] + "\\z" : pattern;

    private static bool IsKind(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        _ => value?.GetValueKind() == JsonValueKind.Number,
    };
}
