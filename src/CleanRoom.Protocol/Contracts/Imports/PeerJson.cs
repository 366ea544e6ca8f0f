using System.Globalization;
using System.Text.Json;
using CleanRoom.Protocol.Contracts.Rules;

namespace CleanRoom.Protocol.Contracts.Imports;

/// <summary>JSON of peers: fractions may occur, so it is not the subset of our own formats. Nesting and size are bounded.</summary>
internal static class PeerJson
{
    private static readonly JsonDocumentOptions _options = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Parses an object.</summary>
    /// <param name="utf8">Trust: collaborator-controlled; its size is checked before.</param>
    public static Result<JsonElement> Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8.ToArray(), _options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : new Refusal(RefusalCode.JsonInvalid, "a JSON object of rules", $"{document.RootElement.ValueKind}");
        }
        catch (JsonException exception)
        {
            return new Refusal(RefusalCode.JsonInvalid, "a JSON object of rules", $"an error in line {exception.LineNumber + 1}");
        }
    }

    /// <summary>Returns a member, in either of two spellings; null when there is none or it is null.</summary>
    public static JsonElement? Find(this JsonElement element, params ReadOnlySpan<string> names)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var name in names)
            {
                if (element.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null)
                {
                    return found;
                }
            }
        }

        return null;
    }

    /// <summary>Returns a list of texts; one text counts as a list of one, and what is no text is left out.</summary>
    public static IReadOnlyList<string> Texts(this JsonElement? element) => element switch
    {
        { ValueKind: JsonValueKind.Array } list =>
            [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
        { ValueKind: JsonValueKind.String } text => [text.GetString()!],
        _ => [],
    };

    /// <summary>Returns a text; null for anything else.</summary>
    public static string? Text(this JsonElement? element) => element is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>Returns an exact number, written as a number or as a text; null for anything else.</summary>
    public static decimal? Number(this JsonElement? element) => element switch
    {
        { ValueKind: JsonValueKind.Number } number => Exact(number.GetRawText()),
        { ValueKind: JsonValueKind.String } text => Exact(text.GetString()!),
        _ => null,
    };

    /// <summary>Returns names as they may be shown.</summary>
    public static string Shown(IEnumerable<string> names) => string.Join(", ", names.Select(Names.Show));

    private static decimal? Exact(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
