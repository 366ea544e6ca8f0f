namespace CleanRoom.Architecture.Tests;

public class SourceTextTests
{
    [Theory]
    [InlineData("a // double", "a ")]
    [InlineData("a /* double */ b", "a b")]
    [InlineData("a(\"double\")", "a()")]
    [InlineData("a(\"\\\"double\")", "a()")]
    [InlineData("a(@\"\"\"double\")", "a(@)")]
    [InlineData("a(\"\"\"x \"double\" \"\"\")", "a()")]
    [InlineData("a('\"') double", "a() double")]
    [InlineData("double x = 1;", "double x = 1;")]
    public void CodeOnly_keeps_code_and_drops_the_rest(string text, string code) =>
        WithoutSpaces(SourceText.CodeOnly(text)).Should().Be(WithoutSpaces(code));

    private static string WithoutSpaces(string text) => text.Replace(" ", string.Empty, StringComparison.Ordinal);

    [Fact]
    public void CodeOnly_keeps_lines() => SourceText.CodeOnly("a /* x\ny */ b\nc").Split('\n').Should().HaveCount(3);
}
