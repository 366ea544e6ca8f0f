using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace CleanRoom.Node.Tests.Api.Negative;

/// <summary>Bad JSON made from a good message and the schema that it has in the API's description.</summary>
internal static class BadJson
{
    private const int Deep = 10_000;
    private const int Long = 1 << 20;
    private const string Marker = "@marker@";

    private static readonly string[] _values =
    [
        "null", "\"\"", "\"text\"", "0", "-1", "1e400", "123456789012345678901234567890", "1.5", "true", "[]", "[null]", "[[null]]", "{}", "{\"a\":null}",
    ];

    private static readonly string[] _texts =
    [
        "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u202e\\ufeff\"", "\"!!!!\"", "\"AA\"", "\"AB==\"", "\"AAA=\\n\"", "\"__--\"",
        "\"AAAA AAAA\"", "\"../../etc/passwd\"", "\"%00\"", "\"2026-02-30T00:00:00.000Z\"", "\"0001-01-01T00:00:00.0000000Z\"",
        "\"00000000-0000-0000-0000-000000000000\"", "\"" + new string('F', 64) + "\"", "\"" + new string('g', 64) + "\"", "\"" + new string('0', 63) + "\"",
        "\"" + new string('0', 65) + "\"", "\"" + new string('0', 64) + "\"",
    ];

    /// <summary>Returns bodies that are wrong as a whole, whatever the message.</summary>
    public static IEnumerable<BadBody> Wholes(JsonNode good)
    {
        var text = good.ToJsonString();
        var utf8 = Encoding.UTF8.GetBytes(text);
        yield return new("no body", null);
        yield return BadBody.Of("empty", string.Empty);
        yield return BadBody.Of("blank", " \r\n\t");
        foreach (var value in new[] { "null", "true", "1", "-1", "1e400", "\"text\"", "[]", "[null]", $"[{text}]", "{}", "{\"\":null}", "NaN", "undefined", "'a'" })
        {
            yield return BadBody.Of($"{value} instead of an object", value);
        }

        foreach (var length in new[] { 1, 2, utf8.Length / 3, utf8.Length / 2, utf8.Length - 2, utf8.Length - 1 })
        {
            yield return new($"cut after {length.ToString(CultureInfo.InvariantCulture)} bytes", utf8[..length]);
        }

        yield return BadBody.Of("twice", text + text);
        yield return BadBody.Of("with trailing text", text + "x");
        yield return BadBody.Of("with a trailing comma", text[..^1] + ",}");
        yield return BadBody.Of("with a comment", "/* */" + text);
        yield return BadBody.Of("with a byte order mark", "\ufeff" + text);
        yield return new("in utf-16", Encoding.Unicode.GetBytes(text));
        yield return new("with invalid utf-8", [.. utf8[..^2], 0xC3, 0x28, 0xFF, .. utf8[^2..]]);
        yield return new("with a zero byte", [.. utf8, 0]);
        yield return BadBody.Of("arrays 10,000 deep", new string('[', Deep) + new string(']', Deep));
        yield return BadBody.Of("objects 10,000 deep", string.Concat(Enumerable.Repeat("{\"a\":", Deep)) + "1" + new string('}', Deep));
        yield return BadBody.Of("brackets that nothing closes", new string('[', Long));
        foreach (var extra in new[] { "\"unknown\":1", "\"$type\":\"a\"", "\"$id\":\"1\"", "\"__proto__\":{}", "\"\\ud800\":1", "\"\":0", $"\"{new string('n', Long)}\":1" })
        {
            yield return BadBody.Of($"with the member {extra[..Math.Min(extra.Length, 20)]}", $"{text[..^1]},{extra}}}");
        }

        yield return BadBody.Of(
            "with 50,000 unknown members",
            text[..^1] + string.Concat(Enumerable.Range(0, 50_000).Select(i => string.Create(CultureInfo.InvariantCulture, $",\"m{i}\":{i}"))) + "}");
        yield return BadBody.Of("with an unknown member 10,000 deep", $"{text[..^1]},\"a\":{new string('[', Deep)}{new string(']', Deep)}}}");
        foreach (var type in new[]
        {
            string.Empty, "text/plain", "application/xml", "application/json; charset=utf-16", "application/json; charset=nonsense", "application/json; charset=\"",
            "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=a", "application/vnd.cleanroom.channel.v1", "json",
            "application/json, text/plain", "application/problem+json; charset=utf-7", "\0", new string('a', 200),
        })
        {
            yield return new($"as {type[..Math.Min(type.Length, 60)]}", utf8, ContentType: type);
        }
    }

    /// <summary>Returns the good message with each of its parts wrong in turn: missing, twice, of another name, of every other kind and form.</summary>
    public static IEnumerable<BadBody> Parts(JsonNode good, string schema)
    {
        foreach (var part in Walk([], good, ApiOperation.Schema(schema)))
        {
            var at = string.Join('/', part.Path);
            foreach (var other in _values.Concat(_texts))
            {
                yield return BadBody.Of($"{other} at {at}", With(good, part.Path, other), !JsonKinds.Allows(part.Schema, other));
            }

            yield return BadBody.Of($"a long text at {at}", With(good, part.Path, $"\"{new string('x', Long + 1)}\""), !JsonKinds.Allows(part.Schema, "\"x\""));
            yield return BadBody.Of(
                $"nulls at {at}", With(good, part.Path, $"[{string.Join(',', Enumerable.Repeat("null", Deep))}]"));
            yield return BadBody.Of($"arrays 10,000 deep at {at}", With(good, part.Path, new string('[', Deep) + new string(']', Deep)));
            if (part.IsMember)
            {
                var name = part.Path[^1];
                var value = Get(good, part.Path)?.ToJsonString() ?? "null";
                yield return BadBody.Of($"{at} twice, null first", With(good, part.Path, $"null,\"{name}\":{value}"));
                yield return BadBody.Of($"the same {at} twice", With(good, part.Path, $"{value},\"{name}\":{value}"));
                if (part.IsDeclared)
                {
                    yield return BadBody.Of($"no {at}", Without(good, part.Path));
                    yield return BadBody.Of($"{at} in capitals", Renamed(good, part.Path, name.ToUpperInvariant()));
                }
            }
        }
    }

    /// <summary>Returns the JSON text of a message with one part replaced by a text, which need not be JSON.</summary>
    internal static string With(JsonNode good, string[] path, string raw)
    {
        var copy = good.DeepClone();
        switch (Get(copy, path[..^1]))
        {
            case JsonObject o:
                o[path[^1]] = Marker;
                break;
            case JsonArray a:
                a[int.Parse(path[^1], CultureInfo.InvariantCulture)] = Marker;
                break;
            default:
                throw new InvalidOperationException($"{path[^1]} is in no object and no array");
        }

        return copy.ToJsonString().Replace($"\"{Marker}\"", raw, StringComparison.Ordinal);
    }

    /// <summary>Returns every part of a message below its root, with the schema of each where there is one.</summary>
    internal static IEnumerable<JsonPart> Walk(string[] path, JsonNode? value, JsonNode? schema)
    {
        var resolved = schema is null ? null : JsonKinds.Object(schema);
        switch (value)
        {
            case JsonObject o:
                foreach (var (name, member) in o.ToArray())
                {
                    var declared = resolved?["properties"]?[name];
                    var inner = declared ?? resolved?["additionalProperties"];
                    yield return new([.. path, name], inner, IsMember: true, declared is not null || schema is null);
                    foreach (var part in Walk([.. path, name], member, inner))
                    {
                        yield return part;
                    }
                }

                break;
            case JsonArray a:
                for (var i = 0; i < a.Count; i++)
                {
                    string[] at = [.. path, i.ToString(CultureInfo.InvariantCulture)];
                    yield return new(at, resolved?["items"], IsMember: false, IsDeclared: false);
                    foreach (var part in Walk(at, a[i], resolved?["items"]))
                    {
                        yield return part;
                    }
                }

                break;
        }
    }

    private static string Without(JsonNode good, string[] path)
    {
        var copy = good.DeepClone();
        Get(copy, path[..^1])!.AsObject().Remove(path[^1]);
        return copy.ToJsonString();
    }

    private static string Renamed(JsonNode good, string[] path, string name)
    {
        var copy = good.DeepClone();
        var holder = Get(copy, path[..^1])!.AsObject();
        holder[name] = holder[path[^1]]?.DeepClone();
        holder.Remove(path[^1]);
        return copy.ToJsonString();
    }

    private static JsonNode? Get(JsonNode root, string[] path) => path.Aggregate(
        (JsonNode?)root, (node, step) => node is JsonArray a ? a[int.Parse(step, CultureInfo.InvariantCulture)] : node![step]);
}

/// <summary>A place in a message.</summary>
/// <param name="Path">Names and indexes from the root.</param>
/// <param name="Schema">Null where the description has none.</param>
/// <param name="IsMember">It is a member of an object, not an element of an array.</param>
/// <param name="IsDeclared">The message's type has this member; it is no key of a map.</param>
internal sealed record JsonPart(string[] Path, JsonNode? Schema, bool IsMember, bool IsDeclared);
