using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace CleanRoom.Protocol.Json;

/// <summary>Reads the JSON subset of the formats and refuses everything that two readers could understand differently.</summary>
/// <remarks>
/// I-JSON (RFC 7493) without fractions and exponents. Refused besides malformed text: a byte order mark, invalid UTF-8, lone
/// surrogates (also escaped), duplicate names, -0, integers beyond 2^53-1, more than 32 levels, trailing bytes.
/// Spec: contracts/spec/0001 s.2.
/// </remarks>
public static class StrictJson
{
    /// <summary>The largest number of arrays and objects inside one another.</summary>
    public const int MaxDepth = 32;

    /// <summary>Reads one value that fills the bytes.</summary>
    /// <param name="utf8">Trust: attacker-controlled.</param>
    /// <param name="maxBytes">Checked before anything is allocated.</param>
    /// <returns>The tree, or <see cref="RefusalCode.DocumentTooLarge"/> or <see cref="RefusalCode.JsonInvalid"/>.</returns>
    public static Result<JsonValue> Parse(ReadOnlySpan<byte> utf8, int maxBytes)
    {
        if (utf8.Length > maxBytes)
        {
            return Result.Refuse<JsonValue>(RefusalCode.DocumentTooLarge, $"at most {maxBytes} bytes", $"{utf8.Length} bytes");
        }

        if (!Utf8.IsValid(utf8))
        {
            return Invalid("utf-8", "other bytes");
        }

        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            var value = Read(ref reader);
            return !value.TryGet(out _, out _) || !reader.Read() ? value : Invalid("one value", "more than one");
        }
        catch (JsonException e)
        {
            // The reader's own message quotes the input, which may be a secret that was pasted into the wrong place.
            return Invalid("json of at most 32 levels", $"an error at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }
    }

    private static Result<JsonValue> Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader),
        JsonTokenType.StartArray => ReadArray(ref reader),
        JsonTokenType.String => ReadText(ref reader).Then(text => Result.Accept<JsonValue>(new JsonString(text))),
        JsonTokenType.Number => ReadInteger(reader.ValueSpan),
        JsonTokenType.True => JsonBoolean.True,
        JsonTokenType.False => JsonBoolean.False,
        _ => JsonNull.Instance,
    };

    private static Result<JsonValue> ReadObject(ref Utf8JsonReader reader)
    {
        var members = ImmutableArray.CreateBuilder<JsonMember>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (!ReadText(ref reader).TryGet(out var name, out var refusals))
            {
                return refusals;
            }

            if (!names.Add(name))
            {
                return Invalid("different member names", $"a duplicate at byte {reader.TokenStartIndex + 1}");
            }

            reader.Read();
            if (!Read(ref reader).TryGet(out var value, out refusals))
            {
                return refusals;
            }

            members.Add(new JsonMember(name, value));
        }

        return new JsonObject(members.DrainToImmutable());
    }

    private static Result<JsonValue> ReadArray(ref Utf8JsonReader reader)
    {
        var items = ImmutableArray.CreateBuilder<JsonValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!Read(ref reader).TryGet(out var value, out var refusals))
            {
                return refusals;
            }

            items.Add(value);
        }

        return new JsonArray(items.DrainToImmutable());
    }

    private static Result<string> ReadText(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped && HasLoneSurrogate(reader.ValueSpan)
            ? Result.Refuse<string>(RefusalCode.JsonInvalid, "surrogates in pairs", $"a lone one after byte {reader.TokenStartIndex + 1}")
            : reader.GetString()!; // Not null: the token is a string or a name.

    /// <remarks>The text is valid JSON and UTF-8, so a surrogate can only be written as an escape with four hex digits.</remarks>
    private static bool HasLoneSurrogate(ReadOnlySpan<byte> text)
    {
        for (var i = text.IndexOf((byte)'\\'); i < text.Length && i >= 0; i++)
        {
            if (text[i] != '\\')
            {
                continue;
            }

            i++;
            if (text[i] != 'u')
            {
                continue;
            }

            var unit = CodeUnit(text.Slice(i + 1, 4));
            i += 4;
            if (!char.IsSurrogate(unit))
            {
                continue;
            }

            var rest = text[(i + 1)..];
            var isPair = char.IsHighSurrogate(unit) && rest.StartsWith("\\u"u8) && char.IsLowSurrogate(CodeUnit(rest.Slice(2, 4)));
            if (!isPair)
            {
                return true;
            }

            i += 6;
        }

        return false;
    }

    private static char CodeUnit(ReadOnlySpan<byte> hex) =>
        (char)ushort.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static Result<JsonValue> ReadInteger(ReadOnlySpan<byte> text) =>
        !text.SequenceEqual("-0"u8)
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && value is >= -JsonInteger.MaxMagnitude and <= JsonInteger.MaxMagnitude
            ? new JsonInteger(value)
            : Invalid("an integer of magnitude at most 2^53-1", $"a number of {text.Length} characters in another form");

    private static Result<JsonValue> Invalid(string wanted, string got) =>
        Result.Refuse<JsonValue>(RefusalCode.JsonInvalid, wanted, got);
}
