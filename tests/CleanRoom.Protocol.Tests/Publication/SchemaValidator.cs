using System.Text.Json;
using System.Text.RegularExpressions;

namespace CleanRoom.Protocol.Tests.Publication;

/// <summary>Checks JSON against the keywords that the committed schemas use; an unknown keyword is an error of the schema.</summary>
internal static class SchemaValidator
{
    /// <summary>Returns one line for each place that does not fit.</summary>
    public static IReadOnlyList<string> Check(JsonElement value, JsonElement schema, string path = "$")
    {
        var errors = new List<string>();
        foreach (var keyword in schema.EnumerateObject())
        {
            errors.AddRange(CheckKeyword(value, keyword, schema, path));
        }

        return errors;
    }

    private static IEnumerable<string> CheckKeyword(JsonElement value, JsonProperty keyword, JsonElement schema, string path)
    {
        switch (keyword.Name)
        {
            case "$schema" or "$id":
                return [];
            case "type":
                var types = keyword.Value.ValueKind == JsonValueKind.Array ? keyword.Value.EnumerateArray().ToList() : [keyword.Value];
                return When(!types.Any(type => type.GetString() == TypeOf(value)), path, $"wanted {keyword.Value}, got {TypeOf(value)}");
            case "const":
                return When(!JsonElement.DeepEquals(value, keyword.Value), path, $"wanted {keyword.Value}");
            case "enum":
                return When(!keyword.Value.EnumerateArray().Any(word => JsonElement.DeepEquals(word, value)), path, "wanted a listed word");
            case "pattern" when value.ValueKind == JsonValueKind.String:
                return When(!Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!), path, "wanted the pattern");
            case "minLength" when value.ValueKind == JsonValueKind.String:
                return When(value.GetString()!.Length < keyword.Value.GetInt32(), path, "too short");
            case "maxLength" when value.ValueKind == JsonValueKind.String:
                return When(value.GetString()!.Length > keyword.Value.GetInt32(), path, "too long");
            case "minimum" when value.ValueKind == JsonValueKind.Number:
                return When(value.GetDecimal() < keyword.Value.GetDecimal(), path, "too small");
            case "maximum" when value.ValueKind == JsonValueKind.Number:
                return When(value.GetDecimal() > keyword.Value.GetDecimal(), path, "too large");
            case "minItems" when value.ValueKind == JsonValueKind.Array:
                return When(value.GetArrayLength() < keyword.Value.GetInt32(), path, "too few items");
            case "maxItems" when value.ValueKind == JsonValueKind.Array:
                return When(value.GetArrayLength() > keyword.Value.GetInt32(), path, "too many items");
            case "items" when value.ValueKind == JsonValueKind.Array:
                return value.EnumerateArray().SelectMany((item, i) => Check(item, keyword.Value, $"{path}[{i}]"));
            case "oneOf":
                return When(keyword.Value.EnumerateArray().Count(one => Check(value, one, path).Count == 0) != 1, path, "wanted one of the forms");
            case "required" when value.ValueKind == JsonValueKind.Object:
                return keyword.Value.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _))
                    .Select(name => $"{path}: wanted {name}");
            case "properties" when value.ValueKind == JsonValueKind.Object:
                return keyword.Value.EnumerateObject().Where(property => value.TryGetProperty(property.Name, out _))
                    .SelectMany(property => Check(value.GetProperty(property.Name), property.Value, $"{path}.{property.Name}"));
            case "additionalProperties" when value.ValueKind == JsonValueKind.Object:
                return value.EnumerateObject().Where(member => !IsListed(schema, member.Name)).SelectMany(member =>
                    keyword.Value.ValueKind == JsonValueKind.False
                        ? [$"{path}: unknown {member.Name}"]
                        : Check(member.Value, keyword.Value, $"{path}.{member.Name}"));
            case "pattern" or "minLength" or "maxLength" or "minimum" or "maximum" or "minItems" or "maxItems" or "items" or "required"
                or "properties" or "additionalProperties":
                return []; // Does not apply to this type of value.
            default:
                throw new InvalidOperationException($"the validator does not know {keyword.Name}");
        }
    }

    private static bool IsListed(JsonElement schema, string name) =>
        schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _);

    private static IEnumerable<string> When(bool isWrong, string path, string error) => isWrong ? [$"{path}: {error}"] : [];

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };
}
