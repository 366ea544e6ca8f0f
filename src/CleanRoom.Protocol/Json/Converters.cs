using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CleanRoom.Protocol.Json;

/// <summary>Reads and writes <see cref="Digest"/> as 64 lower-case hex digits.</summary>
public sealed class DigestJsonConverter : JsonConverter<Digest>
{
    /// <inheritdoc/>
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Digest.TryParse(reader.StringOrNull(), out var digest) ? digest : throw new MemberFormatException("64 lower-case hex digits");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

/// <summary>Reads and writes <see cref="Bytes"/> as canonical base64.</summary>
public sealed class BytesJsonConverter : JsonConverter<Bytes>
{
    /// <inheritdoc/>
    public override Bytes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Bytes.TryParse(reader.StringOrNull(), out var bytes) ? bytes : throw new MemberFormatException("canonical base64 with padding");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Bytes value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

/// <summary>Reads and writes <see cref="Timestamp"/> in its 24-character form.</summary>
public sealed class TimestampJsonConverter : JsonConverter<Timestamp>
{
    /// <inheritdoc/>
    public override Timestamp Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Timestamp.TryParse(reader.StringOrNull(), out var time)
            ? time
            : throw new MemberFormatException("a time such as 2026-01-31T08:00:00.000Z");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Timestamp value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

/// <summary>Reads and writes exact decimals as strings, since documents hold no floats.</summary>
/// <remarks>Text form: <c>-?(0|[1-9][0-9]*)(\.[0-9]+)?</c>, at most 28 digits, no negative zero. Spec: contracts/spec/0001 s.3.</remarks>
public sealed class DecimalJsonConverter : JsonConverter<decimal>
{
    private const int MaxDigits = 28;

    /// <inheritdoc/>
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TryParse(reader.StringOrNull(), out var value)
            ? value
            : throw new MemberFormatException("a decimal number in a string, such as \"12.50\"");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));

    private static bool TryParse(string? text, out decimal value)
    {
        value = default;

        // Writing the value back refuses every second way to write a number: a plus sign, leading zeros, ".5", "5.".
        return text is not null
            && text.Count(char.IsAsciiDigit) <= MaxDigits
            && decimal.TryParse(
                text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            && string.Equals(value.ToString(CultureInfo.InvariantCulture), text, StringComparison.Ordinal)
            && !(value == 0 && text[0] == '-');
    }
}

/// <summary>What the converters share.</summary>
internal static class JsonReading
{
    /// <summary>Returns the string, or null for any other token.</summary>
    public static string? StringOrNull(this ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
}
