using System.Text;
using CleanRoom.Protocol.Json;
using CsCheck;

namespace CleanRoom.Protocol.Tests.Json;

public sealed class JcsTests
{
    private static readonly Gen<JsonValue> _values = Values(depth: 3);

    /// <summary>Published cases: RFC 8785 test data. Two of the six hold fractions, which documents cannot.</summary>
    [Theory]
    [InlineData("arrays")]
    [InlineData("french")]
    [InlineData("unicode")]
    [InlineData("weird")]
    public void Canonicalize_of_a_published_case_gives_the_published_bytes(string name)
    {
        var input = SharedVectors.Read("jcs", "input", $"{name}.json");
        var output = SharedVectors.Read("jcs", "output", $"{name}.json");

        Jcs.Canonicalize(input, int.MaxValue).Value.Should().Equal(output);
        Jcs.Canonicalize(output, int.MaxValue).Value.Should().Equal(output);
    }

    [Theory]
    [InlineData("structures")]
    [InlineData("values")]
    public void Canonicalize_of_a_published_case_with_fractions_is_refused(string name) =>
        Jcs.Canonicalize(SharedVectors.Read("jcs", "input", $"{name}.json"), int.MaxValue)
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.JsonInvalid);

    [Fact]
    public void Canonicalize_of_the_structures_case_without_its_fraction_gives_the_published_bytes()
    {
        var input = Encoding.UTF8.GetString(SharedVectors.Read("jcs", "input", "structures.json")).Replace("56.0", "56", StringComparison.Ordinal);

        Jcs.Canonicalize(Encoding.UTF8.GetBytes(input), int.MaxValue).Value.Should().Equal(SharedVectors.Read("jcs", "output", "structures.json"));
    }

    [Fact]
    public void Canonicalize_of_every_published_number_is_accepted_only_when_it_is_an_exact_integer()
    {
        foreach (var line in Encoding.ASCII.GetString(SharedVectors.Read("jcs", "es6numbers-10000.txt")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var text = line[(line.IndexOf(',', StringComparison.Ordinal) + 1)..];
            var isExact = long.TryParse(text, out var value) && Math.Abs(value) <= JsonInteger.MaxMagnitude;

            var result = Jcs.Canonicalize(Encoding.ASCII.GetBytes(text), 100);

            result.IsAccepted.Should().Be(isExact, text);
            if (isExact)
            {
                Encoding.ASCII.GetString(result.Value).Should().Be(text);
            }
        }
    }

    [Fact]
    public void Write_sorts_by_utf16_code_units_and_not_by_code_points() =>
        Encoding.UTF8.GetString(Jcs.Write(new JsonObject(new("\ufb33", 1), new("\U0001F602", 2), new("a", 3), new("", 4), new("A", 5))))
            .Should().Be("{\"\":4,\"A\":5,\"a\":3,\"\U0001F602\":2,\"\ufb33\":1}");

    [Fact]
    public void Write_escapes_only_what_must_be() =>
        Encoding.UTF8.GetString(Jcs.Write("\0\u001f\b\t\n\f\r\"\\/\u007f\u0080\u2028<é"))
            .Should().Be("\"\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\u007f\u0080\u2028<é\"");

    [Fact]
    public void Write_of_a_duplicate_name_is_a_bug_of_the_caller() =>
        FluentActions.Invoking(() => Jcs.Write(new JsonObject(new("a", 1), new("b", 1), new("a", 2)))).Should().Throw<ArgumentException>();

    [Fact]
    public void Write_of_a_lone_surrogate_is_a_bug_of_the_caller() =>
        FluentActions.Invoking(() => Jcs.Write("\ud800")).Should().Throw<ArgumentException>();

    [Theory]
    [InlineData(JsonInteger.MaxMagnitude + 1)]
    [InlineData(-JsonInteger.MaxMagnitude - 1)]
    [InlineData(long.MinValue)]
    public void Integer_beyond_json_is_a_bug_of_the_caller(long value) =>
        FluentActions.Invoking(() => new JsonInteger(value)).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void Parse_of_written_bytes_writes_the_same_bytes() =>
        _values.Sample(value =>
        {
            var bytes = Jcs.Write(value);
            Jcs.Write(StrictJson.Parse(bytes, int.MaxValue).Value).Should().Equal(bytes);
        });

    [Fact]
    public void Parse_of_any_bytes_never_throws() =>
        Gen.Byte.Array[0, 40].Sample(bytes => StrictJson.Parse(bytes, 40).Should().NotBeNull());

    [Fact]
    public void Parse_of_written_bytes_with_one_byte_changed_never_throws_and_is_never_the_same_value() =>
        Gen.Select(_values, Gen.Int[0, 10_000], Gen.Byte).Sample((value, place, other) =>
        {
            var bytes = Jcs.Write(value);
            var changed = (byte[])bytes.Clone();
            changed[place % bytes.Length] = other;
            if (other != bytes[place % bytes.Length] && StrictJson.Parse(changed, int.MaxValue).TryGet(out var read, out _))
            {
                Jcs.Write(read).Should().NotEqual(bytes, "two byte strings of one length that differ hold different values or are not canonical");
            }
        });

    private static Gen<JsonValue> Values(int depth)
    {
        var text = Gen.OneOf(Gen.String[Gen.Char['\0', '\u007f'], 0, 8], Gen.String[Gen.Char['\u0080', '\ud7ff'], 0, 4], Gen.Const("\U0001F602"));
        var leaf = Gen.OneOf(
            text.Select(value => (JsonValue)value),
            Gen.Long[-JsonInteger.MaxMagnitude, JsonInteger.MaxMagnitude].Select(value => (JsonValue)value),
            Gen.Bool.Select(value => (JsonValue)(value ? JsonBoolean.True : JsonBoolean.False)),
            Gen.Const((JsonValue)JsonNull.Instance));
        if (depth == 0)
        {
            return leaf;
        }

        var child = Values(depth - 1);
        var array = child.Array[0, 4].Select(items => (JsonValue)new JsonArray([.. items]));
        var map = Gen.Select(text, child).Array[0, 4]
            .Select(members => (JsonValue)new JsonObject([.. members.DistinctBy(m => m.Item1).Select(m => new JsonMember(m.Item1, m.Item2))]));
        return Gen.OneOf(leaf, array, map);
    }
}
