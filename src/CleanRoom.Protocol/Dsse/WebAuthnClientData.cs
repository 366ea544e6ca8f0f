using System.Text.Json;
using System.Text.Unicode;

namespace CleanRoom.Protocol.Dsse;

/// <summary>What a browser says about an assertion. Members that it does not know are skipped, as the specification demands.</summary>
/// <remarks>The browser's text is not canonical and may grow new members. Spec: W3C Web Authentication Level 3, s.5.8.1.</remarks>
internal sealed record WebAuthnClientData
{
    private const int MaxDepth = 8;

    public required string Type { get; init; }

    /// <summary>Gets base64url without padding.</summary>
    public required string Challenge { get; init; }

    public required string Origin { get; init; }

    /// <summary>Gets a value that says whether another origin framed the page, or was named as doing so.</summary>
    public required bool IsCrossOrigin { get; init; }

    /// <summary>Reads one object that fills the bytes, with different member names.</summary>
    /// <param name="utf8">Trust: attacker-controlled.</param>
    /// <returns>The client data, or <see cref="RefusalCode.SignatureInvalid"/>.</returns>
    public static Result<WebAuthnClientData> Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > WebAuthnAssertion.MaxClientDataBytes || !Utf8.IsValid(utf8))
        {
            return Invalid();
        }

        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth, AllowMultipleValues = false });
            using var json = JsonDocument.ParseValue(ref reader);
            return reader.BytesConsumed == utf8.Length && HasDifferentNames(json.RootElement) ? Read(json.RootElement) : Invalid();
        }
        catch (JsonException)
        {
            return Invalid();
        }
        catch (InvalidOperationException)
        {
            // A string with a lone surrogate has no text.
            return Invalid();
        }
    }

    private static bool HasDifferentNames(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        return root.EnumerateObject().All(member => names.Add(member.Name));
    }

    private static Result<WebAuthnClientData> Read(JsonElement root)
    {
        if (Text(root, "type") is not { } type || Text(root, "challenge") is not { } challenge || Text(root, "origin") is not { } origin)
        {
            return Invalid();
        }

        // Only the explicit word false, or silence, says that the page was not framed.
        var isCrossOrigin = (root.TryGetProperty("crossOrigin", out var crossOrigin) && crossOrigin.ValueKind != JsonValueKind.False)
            || root.TryGetProperty("topOrigin", out _);
        return new WebAuthnClientData { Type = type, Challenge = challenge, Origin = origin, IsCrossOrigin = isCrossOrigin };
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Result<WebAuthnClientData> Invalid() => Result.Refuse<WebAuthnClientData>(
        RefusalCode.SignatureInvalid, "client data as one json object with type, challenge and origin", "something else");
}
