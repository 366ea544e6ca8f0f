using System.Text.Json;
using CleanRoom.Policy.Parsing;

namespace CleanRoom.Policy.Templates;

/// <summary>Compares a template's parse tree with that of its text with values: they differ in parameters alone.</summary>
internal static class TemplateShape
{
    private const string Location = "query_location";

    /// <summary>Says whether every parameter became one cast constant and nothing else changed.</summary>
    public static bool Matches(JsonElement template, JsonElement bound)
    {
        if (template.ValueKind == JsonValueKind.Object && template.Text("class") == "PARAMETER")
        {
            return bound.Text("class") == "CAST" && bound.Member("child").Text("class") == "CONSTANT";
        }

        if (template.ValueKind != bound.ValueKind)
        {
            return false;
        }

        return template.ValueKind switch
        {
            JsonValueKind.Object => Members(template, bound),
            JsonValueKind.Array => template.GetArrayLength() == bound.GetArrayLength()
                && template.EnumerateArray().Zip(bound.EnumerateArray()).All(pair => Matches(pair.First, pair.Second)),
            _ => JsonElement.DeepEquals(template, bound),
        };
    }

    private static bool Members(JsonElement template, JsonElement bound)
    {
        // The list of parameters is what the substitution empties.
        var wanted = template.EnumerateObject().Where(IsCompared).ToList();
        var got = bound.EnumerateObject().Where(IsCompared).ToList();
        return wanted.Count == got.Count
            && wanted.Zip(got).All(pair => pair.First.NameEquals(pair.Second.Name) && Matches(pair.First.Value, pair.Second.Value));
    }

    private static bool IsCompared(JsonProperty member) => !member.NameEquals(Location) && !member.NameEquals("named_param_map");
}
