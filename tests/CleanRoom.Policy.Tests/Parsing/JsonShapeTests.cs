using System.Text.Json;
using CleanRoom.Policy.Parsing;

namespace CleanRoom.Policy.Tests.Parsing;

/// <summary>What the engine's process answers, before anything of it is believed.</summary>
public sealed class JsonShapeTests
{
    // Not enumerated when tests are found: half a character does not survive it.
    public static TheoryData<string, bool> Texts => new()
    {
        { "\"\\ud7ff\"", true },
        { "\"\\ud800\"", false },
        { "\"\\uD899\"", false },
        { "\"\\uda00\"", false },
        { "\"\\udb00\"", false },
        { "\"\\udf00\"", false },
        { "\"\\uDA00\"", false },
        { "\"\\uDC00\"", false },
        { "\"\\uDF00\"", false },
        { "\"\\ue000\"", true },
        { "\"\\\\ud800\"", true },
        { "\"\\\\\\ud800\"", false },
        { "\"\ud83d\ude00\"", true },
        { "\"\ud83d\"", false },
        { "\"\ude00\ud83d\"", false },
        { "\"\ud83d\ude00\ud83d\"", false },
        { "\"\ud83d", false },
    };

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public void Read_half_a_character_is_no_answer(string text, bool isRead)
    {
        using var read = JsonShape.Read(text);

        (read is not null).Should().Be(isRead);
    }

    [Theory]
    [InlineData("null", false)]
    [InlineData("false", false)]
    [InlineData("true", true)]
    [InlineData("0", false)]
    [InlineData("1", true)]
    [InlineData("0.5", true)]
    [InlineData("\"\"", false)]
    [InlineData("\"x\"", true)]
    [InlineData("[]", false)]
    [InlineData("[0]", true)]
    [InlineData("{\"a\":0,\"b\":{\"c\":\"\"}}", false)]
    [InlineData("{\"a\":0,\"b\":{\"c\":\"x\"}}", true)]
    public void IsMeaningful_says_whether_a_value_says_something(string text, bool isMeaningful)
    {
        using var read = JsonDocument.Parse(text);

        read.RootElement.IsMeaningful().Should().Be(isMeaningful);
    }

    [Fact]
    public void HasUnknown_of_what_is_no_object_is_true()
    {
        using var read = JsonDocument.Parse("[{\"a\":1,\"b\":0},{\"a\":1,\"b\":2}]");

        read.RootElement.HasUnknown("a").Should().BeTrue();
        read.RootElement[0].HasUnknown("a").Should().BeFalse();
        read.RootElement[1].HasUnknown("a").Should().BeTrue();
        read.RootElement[1].HasUnknown("a", "b").Should().BeFalse();
    }
}
