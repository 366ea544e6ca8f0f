using CleanRoom.Policy.Templates;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Templates;

/// <summary>What a parameter takes, and the one literal that becomes of it.</summary>
public sealed class ParameterValueTests
{
    [Theory]
    [InlineData(ColumnType.Boolean, "true", "CAST('true' AS BOOLEAN)")]
    [InlineData(ColumnType.Int32, "-2147483648", "CAST('-2147483648' AS INTEGER)")]
    [InlineData(ColumnType.Int64, "9223372036854775807", "CAST('9223372036854775807' AS BIGINT)")]
    [InlineData(ColumnType.Decimal, "0.75", "CAST('0.75' AS DECIMAL(38, 2))")]
    [InlineData(ColumnType.Decimal, "-0.75", "CAST('-0.75' AS DECIMAL(38, 2))")]
    [InlineData(ColumnType.Decimal, "10", "CAST('10' AS DECIMAL(38, 0))")]
    [InlineData(ColumnType.Decimal, "0.123456789012345678", "CAST('0.123456789012345678' AS DECIMAL(38, 18))")]
    [InlineData(ColumnType.String, "it's; --", "CAST('it''s; --' AS VARCHAR)")]
    [InlineData(ColumnType.String, "1.25", "CAST('1.25' AS VARCHAR)")]
    [InlineData(ColumnType.Sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "CAST('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' AS VARCHAR)")]
    [InlineData(ColumnType.Date, "2026-02-01", "CAST('2026-02-01' AS DATE)")]
    [InlineData(ColumnType.Timestamp, "2026-02-01 12:00:00", "CAST('2026-02-01 12:00:00' AS TIMESTAMP)")]
    [InlineData(ColumnType.Uuid, "00112233-4455-6677-8899-aabbccddeeff", "CAST('00112233-4455-6677-8899-aabbccddeeff' AS UUID)")]
    public void Value_becomesOneLiteralOfItsType(ColumnType type, string value, string sql) =>
        ParameterValue.ToSql(ParameterValue.Check(Parameter(type), value)!).Should().Be(sql);

    [Theory]
    [InlineData(ColumnType.Int32, "2147483648")]
    [InlineData(ColumnType.Int32, "-2147483649")]
    [InlineData(ColumnType.Int64, "9223372036854775808")]
    [InlineData(ColumnType.Int64, "1.5")]
    [InlineData(ColumnType.Decimal, "0.1234567890123456789")]
    [InlineData(ColumnType.Decimal, ".5.")]
    [InlineData(ColumnType.Date, "2026-02-30")]
    [InlineData(ColumnType.Uuid, "00112233")]
    [InlineData(ColumnType.String, "a\tb")]
    [InlineData(ColumnType.String, "\n")]
    public void Value_ofAnotherType_isRefused(ColumnType type, string value) => ParameterValue.Check(Parameter(type), value).Should().BeNull();

    [Fact]
    public void Value_hasAtMost256Characters()
    {
        ParameterValue.Check(Parameter(ColumnType.String), new string('a', 256)).Should().NotBeNull();
        ParameterValue.Check(Parameter(ColumnType.String), new string('a', 257)).Should().BeNull();
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("4", true)]
    [InlineData("10", true)]
    [InlineData("13", false)]
    [InlineData("11", false)]
    [InlineData("2", false)]
    [InlineData("3", false)]
    [InlineData("0", false)]
    [InlineData("-2", false)]
    public void Range_hasBothItsEnds_andItsStepsBeginAtTheLeast(string value, bool isTaken)
    {
        var parameter = Parameter(ColumnType.Int32) with { Min = 1, Max = 11, Step = 3 };

        (ParameterValue.Check(parameter, value) is not null).Should().Be(isTaken);
        (ParameterValue.Check(parameter with { Type = ColumnType.Decimal }, value) is not null).Should().Be(isTaken);
    }

    [Fact]
    public void Step_withoutARange_beginsAtNought_andOneOfNoughtTakesNothing()
    {
        var parameter = Parameter(ColumnType.Int64) with { Step = 5 };

        ParameterValue.Check(parameter, "-10").Should().NotBeNull();
        ParameterValue.Check(parameter, "-9").Should().BeNull();
        ParameterValue.Check(parameter with { Step = 0 }, "5").Should().BeNull();
        ParameterValue.Check(parameter with { Step = -5 }, "5").Should().BeNull();
        ParameterValue.Check(parameter with { Max = 11, Step = null }, "11").Should().NotBeNull();
        ParameterValue.Check(parameter with { Max = 11, Step = null }, "12").Should().BeNull();
    }

    [Theory]
    [InlineData(ColumnType.String, "5")]
    [InlineData(ColumnType.Date, "2026-02-01")]
    public void Range_ofWhatIsNoNumber_takesNothing(ColumnType type, string value) =>
        ParameterValue.Check(Parameter(type) with { Max = 10_000 }, value).Should().BeNull();

    [Fact]
    public void List_takesItsOwnTextsAlone()
    {
        var parameter = Parameter(ColumnType.String) with { Values = ["ios", "web"] };

        ParameterValue.Check(parameter, "web").Should().NotBeNull();
        ParameterValue.Check(parameter, "Web").Should().BeNull();
        ParameterValue.Check(Parameter(ColumnType.Int32) with { Values = ["1"] }, "01").Should().BeNull("another text");
    }

    private static TemplateParameter Parameter(ColumnType type) => new() { Name = "p", Type = type, Values = null, Min = null, Max = null, Step = null };
}
