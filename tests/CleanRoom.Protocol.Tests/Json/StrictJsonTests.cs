using System.Text;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol.Tests.Json;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("1.0")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("1E3")]
    [InlineData("-0")]
    [InlineData("[-0]")]
    [InlineData("-0.0")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740992")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999999999999999999999")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    public void Parse_of_a_number_that_is_no_exact_integer_is_refused(string text) => ShouldBeInvalid(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{} 1")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("[1 /* a */]")]
    [InlineData("// a\n1")]
    [InlineData("'a'")]
    [InlineData("{a:1}")]
    [InlineData("\"\t\"")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\u12\"")]
    [InlineData("truE")]
    [InlineData("nul")]
    [InlineData("\u00a01")]
    [InlineData("\"a\"\0")]
    public void Parse_of_malformed_text_is_refused(string text) => ShouldBeInvalid(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("{\"a\":1,\"\\u0061\":2}")]
    [InlineData("[{\"b\":{\"\":1,\"\":1}}]")]
    public void Parse_of_a_duplicate_name_is_refused(string text) => ShouldBeInvalid(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\uDC00\"")]
    [InlineData("\"\\udc00\\ud800\"")]
    [InlineData("\"\\ud800\\ud800\\udc00\"")]
    [InlineData("\"\\ud83dx\\ude02\"")]
    [InlineData("\"\\ud83d\\\\ude02\"")]
    [InlineData("\"\\ud83d\\n\"")]
    [InlineData("\"a\\\\\\ud800\"")]
    [InlineData("{\"\\ud800\":1}")]
    public void Parse_of_a_lone_surrogate_is_refused(string text) => ShouldBeInvalid(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("\"\\ud83d\\ude02\"", "\U0001F602")]
    [InlineData("\"\\ud83d\\ude02\\uD83D\\uDE02\"", "\U0001F602\U0001F602")]
    [InlineData("\"\\\\ud800\"", "\\ud800")]
    [InlineData("\"\\\\\\\\\"", "\\\\")]
    [InlineData("\"\\u0000\"", "\0")]
    [InlineData("\"\U0001F602\"", "\U0001F602")]
    public void Parse_of_paired_surrogates_and_escapes_is_accepted(string text, string value) =>
        StrictJson.Parse(Encoding.UTF8.GetBytes(text), 100).Value.Should().BeOfType<JsonString>().Which.Value.Should().Be(value);

    [Theory]
    [InlineData("EFBBBF31")]
    [InlineData("22FF22")]
    [InlineData("22C080 22")]
    [InlineData("22EDA08022")]
    [InlineData("22F490808022")]
    [InlineData("22E282")]
    [InlineData("FEFF0031")]
    public void Parse_of_a_byte_order_mark_or_invalid_utf8_is_refused(string hex) =>
        ShouldBeInvalid(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    [InlineData(100_000, false)]
    public void Parse_counts_levels(int levels, bool isAccepted)
    {
        var arrays = Encoding.UTF8.GetBytes(new string('[', levels) + new string(']', levels));
        var objects = Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Repeat("{\"a\":", levels - 1)) + "{}" + new string('}', levels - 1));

        StrictJson.Parse(arrays, int.MaxValue).IsAccepted.Should().Be(isAccepted);
        StrictJson.Parse(objects, int.MaxValue).IsAccepted.Should().Be(isAccepted);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(2, false)]
    public void Parse_counts_bytes(int maxBytes, bool isAccepted)
    {
        var result = StrictJson.Parse("123"u8, maxBytes);

        result.IsAccepted.Should().Be(isAccepted);
        result.Refusals.Select(refusal => refusal.Code).Should().Equal(isAccepted ? [] : [RefusalCode.DocumentTooLarge]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(JsonInteger.MaxMagnitude)]
    [InlineData(-JsonInteger.MaxMagnitude)]
    public void Parse_of_an_exact_integer_is_accepted(long value) =>
        StrictJson.Parse(Encoding.UTF8.GetBytes($" {value}\n"), 100).Value.Should().BeOfType<JsonInteger>().Which.Value.Should().Be(value);

    [Fact]
    public void Parse_keeps_members_in_order()
    {
        var value = StrictJson.Parse("{\"b\":true,\"a\":null}"u8, 100).Value.Should().BeOfType<JsonObject>().Subject;

        value.Members.Select(member => member.Name).Should().Equal("b", "a");
        value.Find("a").Should().BeSameAs(JsonNull.Instance);
        value.Find("c").Should().BeNull();
    }

    [Fact]
    public void Parse_never_quotes_the_input() =>
        StrictJson.Parse("{\"password\": hunter2}"u8, 100).Refusals.Should().ContainSingle()
            .Which.ToString().Should().NotContain("hunter").And.NotContain("password").And.NotContain("'h'");

    private static void ShouldBeInvalid(byte[] utf8) =>
        StrictJson.Parse(utf8, int.MaxValue).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.JsonInvalid);
}
