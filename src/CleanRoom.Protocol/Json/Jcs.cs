using System.Buffers;
using System.Globalization;
using System.Text;

namespace CleanRoom.Protocol.Json;

/// <summary>Writes the one byte form of a JSON value: no whitespace, members sorted by UTF-16 code units.</summary>
/// <remarks>RFC 8785, over the subset of <see cref="StrictJson"/>. Spec: contracts/spec/0001 s.2.</remarks>
public static class Jcs
{
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads JSON with any whitespace and member order and writes its canonical bytes.</summary>
    /// <returns>The bytes, or the refusals of <see cref="StrictJson.Parse"/>.</returns>
    public static Result<byte[]> Canonicalize(ReadOnlySpan<byte> json, int maxBytes) =>
        StrictJson.Parse(json, maxBytes).Then(value => Result.Accept(Write(value)));

    /// <summary>Writes the canonical bytes.</summary>
    /// <exception cref="ArgumentException">An object has two members of one name, or a string has a lone surrogate.</exception>
    public static byte[] Write(JsonValue value)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(value, output);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(JsonValue value, ArrayBufferWriter<byte> output)
    {
        switch (value)
        {
            case JsonObject o:
                WriteObject(o, output);
                break;
            case JsonArray a:
                WriteArray(a, output);
                break;
            case JsonString s:
                WriteString(s.Value, output);
                break;
            case JsonInteger i:
                _utf8.GetBytes(i.Value.ToString(CultureInfo.InvariantCulture), output);
                break;
            case JsonBoolean b:
                output.Write(b.Value ? "true"u8 : "false"u8);
                break;
            default:
                output.Write("null"u8);
                break;
        }
    }

    private static void WriteObject(JsonObject value, ArrayBufferWriter<byte> output)
    {
        var members = value.Members.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        output.Write("{"u8);
        for (var i = 0; i < members.Length; i++)
        {
            if (i > 0)
            {
                if (string.Equals(members[i].Name, members[i - 1].Name, StringComparison.Ordinal))
                {
                    throw new ArgumentException($"wanted different member names, got {members[i].Name} twice", nameof(value));
                }

                output.Write(","u8);
            }

            WriteString(members[i].Name, output);
            output.Write(":"u8);
            Write(members[i].Value, output);
        }

        output.Write("}"u8);
    }

    private static void WriteArray(JsonArray value, ArrayBufferWriter<byte> output)
    {
        output.Write("["u8);
        for (var i = 0; i < value.Items.Length; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            Write(value.Items[i], output);
        }

        output.Write("]"u8);
    }

    private static void WriteString(string text, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        var plain = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is >= ' ' and not '"' and not '\\')
            {
                continue;
            }

            _utf8.GetBytes(text.AsSpan(plain, i - plain), output);
            _utf8.GetBytes(Escape(text[i]), output);
            plain = i + 1;
        }

        _utf8.GetBytes(text.AsSpan(plain), output);
        output.Write("\""u8);
    }

    /// <remarks>Spec: RFC 8785 s.3.2.2.2.</remarks>
    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => $"\\u{(int)c:x4}",
    };
}
