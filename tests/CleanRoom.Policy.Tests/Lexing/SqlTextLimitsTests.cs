using CleanRoom.Policy.Lexing;

namespace CleanRoom.Policy.Tests.Lexing;

public sealed class SqlTextLimitsTests
{
    [Theory]
    [InlineData("SELECT 1")]
    [InlineData("SELECT 'it''s ( -- /* \" $x', \"a (\" , e'\\'('")]
    [InlineData("/* ( /* ( */ ( */ SELECT 1 -- (")]
    [InlineData("SELECT 'ä☃𝄞'\t\r\n")]
    [InlineData("SELECT a$b FROM x.y WHERE z = $name")]
    public void Check_acceptableText_findsNothing(string sql) => SqlTextLimits.Check(sql).Should().BeNull();

    [Theory]
    [InlineData("", "empty")]
    [InlineData("  \n-- nothing", "empty")]
    [InlineData("SELECT 'x", "does not end")]
    [InlineData("SELECT \"x", "does not end")]
    [InlineData("SELECT e'x\\'", "does not end")]
    [InlineData("/* /* */ SELECT 1", "does not end")]
    [InlineData("SELECT $$x$$", "dollar-quoted")]
    [InlineData("SELECT $t$x$t$", "dollar-quoted")]
    [InlineData("SELECT 1)", "closed that was not opened")]
    [InlineData("SELECT '\0'", "control character")]
    [InlineData("SELECT '\u0085'", "control character")]
    public void Check_otherText_saysWhatIsWrong(string sql, string what) => SqlTextLimits.Check(sql).Should().Contain(what);

    [Fact]
    public void Check_halfACharacter_isRefused() => SqlTextLimits.Check($"SELECT '{(char)0xd800}'").Should().Contain("not valid Unicode");

    [Fact]
    public void Check_nesting_hasALimit()
    {
        SqlTextLimits.Check(new string('(', SqlTextLimits.MaxNesting) + "1" + new string(')', SqlTextLimits.MaxNesting)).Should().BeNull();
        SqlTextLimits.Check(new string('(', SqlTextLimits.MaxNesting + 1)).Should().Contain("deeper than 64");
        SqlTextLimits.Check(new string('[', SqlTextLimits.MaxNesting + 1)).Should().Contain("deeper than 64");
    }

    [Fact]
    public void Check_length_countsBytes()
    {
        SqlTextLimits.Check("'" + new string('x', SqlTextLimits.MaxBytes - 2) + "'").Should().BeNull();
        SqlTextLimits.Check("'" + new string('x', SqlTextLimits.MaxBytes - 1) + "'").Should().Contain("longer than 64 KiB");
        SqlTextLimits.Check("'" + new string('ä', SqlTextLimits.MaxBytes / 2) + "'").Should().Contain("longer than 64 KiB");
    }

    [Fact]
    public void Check_tokens_haveALimit()
    {
        SqlTextLimits.Check(string.Concat(Enumerable.Repeat("1,", SqlTextLimits.MaxTokens / 2))).Should().BeNull();
        SqlTextLimits.Check(string.Concat(Enumerable.Repeat("1,", SqlTextLimits.MaxTokens / 2)) + "1").Should().Contain("tokens");
    }
}
