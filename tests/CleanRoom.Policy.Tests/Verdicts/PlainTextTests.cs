using CleanRoom.Policy.Verdicts;

namespace CleanRoom.Policy.Tests.Verdicts;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("a", true)]
    [InlineData("abcd", true)]
    [InlineData("abcde", false)]
    [InlineData("a\nb", false)]
    [InlineData("a\u202eb", false)]
    [InlineData("é年", true)]
    [InlineData("\ud83d\ude00", true)]
    [InlineData("\ufffd", false)]
    [InlineData("\ud800", false)]
    public void Is_short_text_in_one_line_that_is_read_as_it_is_stored(string text, bool isPlain) => PlainText.Is(text, 4).Should().Be(isPlain);

    [Theory]
    [InlineData("abcd", "abcd")]
    [InlineData("abcde", "abcd...")]
    [InlineData("a\nb", "a?b")]
    [InlineData("\u202e年", "?年")]
    [InlineData("", "")]
    public void Of_replaces_what_is_not_plain_and_cuts_what_is_too_long(string text, string plain) => PlainText.Of(text, 4).Should().Be(plain);
}
