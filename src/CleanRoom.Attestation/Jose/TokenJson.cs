using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;

namespace CleanRoom.Attestation.Jose;

/// <summary>Reads JSON objects that came from the other side. Spec: RFC 8259; duplicate members are refused (RFC 7493 s.2.3).</summary>
internal static class TokenJson
{
    /// <summary>Tokens nest six deep; more than this is nobody's token.</summary>
    private const int MaxDepth = 16;

    private static readonly JsonDocumentOptions s_options = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = MaxDepth,
    };

    /// <summary>Reads one object; null for anything else, bytes that are no UTF-8, names that are no Unicode, duplicates, more than 16 levels, or trailing bytes.</summary>
    /// <param name="utf8">Trust: attacker-controlled. The caller limits the length.</param>
    public static JsonElement? Object(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(utf8.ToArray(), s_options);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A lone surrogate in a name is an InvalidOperationException: the search for duplicates unescapes names.
            return null;
        }
    }

    /// <summary>Follows a path of members; null where one is absent or something on the way is no object.</summary>
    public static JsonElement? At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || Member(element, name) is not { } member)
            {
                return null;
            }

            element = member;
        }

        return element;
    }

    /// <summary>Returns a member's text; null when it is absent or no string, or its text is no Unicode.</summary>
    public static string? TextAt(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { } member ? member.AsText() : null;

    /// <summary>Returns a member's number; null when it is absent or no integer of 64 bits.</summary>
    public static long? IntegerAt(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Number } member && member.TryGetInt64(out var number) ? number : null;

    /// <summary>Returns a member's truth; null when it is absent or no boolean.</summary>
    public static bool? BooleanAt(this JsonElement element, params ReadOnlySpan<string> path) => element.At(path)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>Returns a member that is one string or an array of strings; empty when it is absent, null when it is anything else.</summary>
    public static ImmutableArray<string>? TextsAt(this JsonElement element, params ReadOnlySpan<string> path)
    {
        if (element.At(path) is not { } member)
        {
            return [];
        }

        var texts = (member.ValueKind == JsonValueKind.Array ? member.EnumerateArray().Select(AsText) : [member.AsText()]).ToImmutableArray();
        return texts.Contains(null) ? null : texts.OfType<string>().ToImmutableArray();
    }

    private static JsonElement? Member(JsonElement owner, string name)
    {
        try
        {
            return owner.TryGetProperty(name, out var member) ? member : null;
        }
        catch (InvalidOperationException)
        {
            // A neighbour's name with a lone surrogate: nothing in this object is taken.
            return null;
        }
    }

    private static string? AsText(this JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate in an escape is JSON, but no text.
            return null;
        }
    }
}
