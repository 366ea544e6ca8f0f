using System.Text.Json;

namespace CleanRoom.Policy.Parsing;

/// <summary>Reads the engine's JSON without trusting its shape.</summary>
internal static class JsonShape
{
    /// <summary>The longest answer of the engine that is read, in characters.</summary>
    public const int MaxCharacters = 32 * 1024 * 1024;

    /// <summary>The deepest nesting that is read; every walk over it recurses at most this deep.</summary>
    public const int MaxDepth = 800;

    /// <summary>The longest number that is read, in characters: a 128-bit integer has 40.</summary>
    public const int MaxNumberLength = 40;

    /// <summary>Reads a text; null when it is too long, too deep, not JSON, or holds a string that is no Unicode.</summary>
    public static JsonDocument? Read(string text)
    {
        if (text.Length > MaxCharacters || !HasWholeCharacters(text))
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Returns a string member; empty when it is absent or another kind.</summary>
    public static string Text(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : string.Empty;

    /// <summary>Returns a member; undefined when it is absent or null.</summary>
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : default;

    /// <summary>Returns the items of an array member; none when it is absent or another kind.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name)
    {
        var value = element.Member(name);
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
    }

    /// <summary>Returns an integer member; null when it is absent, another kind or out of range.</summary>
    public static long? Integer(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    /// <summary>Says whether a boolean member is true.</summary>
    public static bool IsTrue(this JsonElement element, string name) => element.Member(name).ValueKind == JsonValueKind.True;

    /// <summary>Says whether it is the answer for a text that the isolated process did not survive.</summary>
    public static bool IsIsolation(this JsonElement answer) => answer.IsTrue("error") && answer.Text("error_type") == "isolation";

    /// <summary>Says whether there is a value that says something: not absent, null, false, zero or empty.</summary>
    public static bool IsMeaningful(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False => false,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.String => value.GetString()!.Length > 0,
        JsonValueKind.Number => !value.TryGetInt64(out var number) || number != 0,
        JsonValueKind.Object => value.EnumerateObject().Any(member => member.Value.IsMeaningful()),
        JsonValueKind.True => true,
        _ => true,
    };

    /// <summary>
    /// Says whether an object has meaningful members besides the known ones, or is no object: a part of the language that this version
    /// does not know.
    /// </summary>
    public static bool HasUnknown(this JsonElement element, params ReadOnlySpan<string> known)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        foreach (var member in element.EnumerateObject())
        {
            if (!known.Contains(member.Name) && member.Value.IsMeaningful())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Says whether no character is half of one: reading a string of such throws. The engine writes all but ASCII unescaped.</summary>
    private static bool HasWholeCharacters(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                if (text.AsSpan(i + 1) is ['u', 'd' or 'D', '8' or '9' or (>= 'a' and <= 'f') or (>= 'A' and <= 'F'), ..])
                {
                    return false;
                }

                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }
}
