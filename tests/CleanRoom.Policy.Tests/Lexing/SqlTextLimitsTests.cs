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

    public static TheoryData<string, string> Characters => new()
    {
        { "SELECT user\u200b_id", "U+200B at line 1, column 12 may not stand outside" },
        { "SELECT 1,\n  reg\u00adion", "U+00AD at line 2, column 6" },
        { "SELECT\u00a01", "U+00A0 at line 1, column 7" },
        { "SELECT \u3000 1", "U+3000 at line 1, column 8" },
        { "\ufeffSELECT 1", "U+FEFF at line 1, column 1" },
        { "SELECT 1\u2028", "U+2028 at line 1, column 9" },
        { "SELECT r\u0435gion", "U+0435" },
        { "SELECT \uff11", "U+FF11" },
        { "SELECT a \uff1d 1", "U+FF1D" },
        { "SELECT \U0001d42b", "U+1D42B" },
        { "SELECT a\ufe0f", "U+FE0F" },
        { "SELECT $p\u200d", "U+200D" },
        { "SELECT \"user\u200b_id\"", "in a quoted name" },
        { "SELECT \"a\u202eb\"", "U+202E at line 1, column 10 may not stand in a quoted name" },
        { "SELECT \"a\u3164\"", "U+3164" },
        { "SELECT \"a\u00a0b\"", "U+00A0" },
        { "SELECT 'a\u202eb'", "U+202E at line 1, column 10 may not stand in a string" },
        { "SELECT e'\u2066'", "U+2066" },
        { "SELECT 1 -- a\u202eb", "in a comment" },
        { "SELECT 1 /* \u200b */ + 1", "in a comment" },
    };

    [Theory]
    [MemberData(nameof(Characters), DisableDiscoveryEnumeration = true)]
    public void Check_characterThatReadersDoNotSeeOrMistake_isRefusedWithItsPlace(string sql, string what) =>
        SqlTextLimits.Check(sql).Should().Contain(what);

    public static TheoryData<int, bool> Invisible => new()
    {
        { 0x034E, false }, { 0x034F, true }, { 0x0350, false }, { 0x115E, false }, { 0x115F, true }, { 0x1160, true }, { 0x1161, false }, { 0x17B3, false },
        { 0x17B4, true }, { 0x17B5, true }, { 0x17B6, false }, { 0x180A, false }, { 0x180B, true }, { 0x180C, true }, { 0x180D, true }, { 0x27FF, false },
        { 0x2800, true }, { 0x2801, false }, { 0x3163, false }, { 0x3164, true }, { 0x3165, false }, { 0xFF9F, false }, { 0xFFA0, true }, { 0xFFA1, false },
        { 0xFE00, true }, { 0xFE07, true }, { 0xFE0F, true }, { 0xFE10, false }, { 0xE0100, true }, { 0xE0150, true }, { 0xE01EF, true },
    };

    [Theory]
    [MemberData(nameof(Invisible))]
    public void Check_characterThatIsDrawnAsNothing_mayNotStandInANameOrBetweenWords(int rune, bool isInvisible)
    {
        var character = char.ConvertFromUtf32(rune);

        (SqlTextLimits.Check($"SELECT 1 AS \"a{character}b\"") is not null).Should().Be(isInvisible);
        (SqlTextLimits.Check($"SELECT 1 -- {character}") is not null).Should().Be(isInvisible);
        SqlTextLimits.Check($"SELECT 'a{character}b'").Should().BeNull();
    }

    [Theory]
    [InlineData(0x061B, false)]
    [InlineData(0x061C, true)]
    [InlineData(0x200D, false)]
    [InlineData(0x200E, true)]
    [InlineData(0x200F, true)]
    [InlineData(0x2010, false)]
    [InlineData(0x2029, false)]
    [InlineData(0x202A, true)]
    [InlineData(0x202C, true)]
    [InlineData(0x202E, true)]
    [InlineData(0x202F, false)]
    [InlineData(0x2065, false)]
    [InlineData(0x2066, true)]
    [InlineData(0x2067, true)]
    [InlineData(0x2069, true)]
    [InlineData(0x206A, false)]
    public void Check_controlOfDirection_mayNotStandInAString(int rune, bool isControl) =>
        (SqlTextLimits.Check($"SELECT 'a{char.ConvertFromUtf32(rune)}b'") is not null).Should().Be(isControl);

    [Theory]
    [InlineData("SELECT 'zero\u200dwidth, \u00a0 \u05d0 \ufe0f'")]
    [InlineData("SELECT 1 AS \"Größe der Gruppe, 年\"")]
    [InlineData("SELECT 1 -- größer als 年, ½")]
    public void Check_charactersThatAreSeenOrAreValues_pass(string sql) => SqlTextLimits.Check(sql).Should().BeNull();

    [Fact]
    public void Check_everyCharacterOutsideAscii_isRefusedOutsideStringsAndNames()
    {
        foreach (var value in Enumerable.Range(0x80, 0x10ffff - 0x80 + 1).Where(value => value is < 0xd800 or > 0xdfff))
        {
            var character = char.ConvertFromUtf32(value);
            SqlTextLimits.Check($"SELECT user{character}_id FROM t").Should().NotBeNull(character);
            SqlTextLimits.Check($"SELECT user {character} FROM t").Should().NotBeNull(character);
        }
    }

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
