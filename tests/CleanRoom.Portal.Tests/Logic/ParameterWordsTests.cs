using CleanRoom.Client.Queries;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Portal.Tests.Logic;

public sealed class ParameterWordsTests
{
    [Theory]
    [InlineData(ColumnType.Int32, "-7", true)]
    [InlineData(ColumnType.Int32, "7.5", false)]
    [InlineData(ColumnType.Int32, "2147483648", false)]
    [InlineData(ColumnType.Int64, "2147483648", true)]
    [InlineData(ColumnType.Decimal, "7.5", true)]
    [InlineData(ColumnType.Decimal, "7,5", false)]
    [InlineData(ColumnType.Boolean, "true", true)]
    [InlineData(ColumnType.Boolean, "yes", false)]
    [InlineData(ColumnType.Date, "2026-02-28", true)]
    [InlineData(ColumnType.Date, "2026-02-29", false)]
    [InlineData(ColumnType.Uuid, "00000000-0000-0000-0000-000000000000", true)]
    [InlineData(ColumnType.Sha256, "abc", false)]
    [InlineData(ColumnType.String, "", false)]
    public void Value_has_the_form_of_its_type(ColumnType type, string value, bool isOne) =>
        (ParameterWords.WhyNot(Of(type), value) is null).Should().Be(isOne);

    [Theory]
    [InlineData("20", true)]
    [InlineData("30", true)]
    [InlineData("25", false)]
    [InlineData("10", false)]
    [InlineData("130", false)]
    public void Number_lies_in_its_range_and_on_a_step(string value, bool isOne)
    {
        var parameter = Of(ColumnType.Int32) with { Min = 20, Max = 120, Step = 10 };

        (ParameterWords.WhyNot(parameter, value) is null).Should().Be(isOne);
        ParameterWords.Wanted(parameter).Should().Be("a whole number from 20 to 120, in steps of 10");
    }

    [Fact]
    public void Listed_values_alone_are_taken_where_a_list_is_given()
    {
        var parameter = Of(ColumnType.String) with { Values = ["hdl", "chol"] };

        ParameterWords.WhyNot(parameter, "hdl").Should().BeNull();
        ParameterWords.WhyNot(parameter, "fib4")!.Should().Match<CleanRoom.Protocol.Refusal>(refusal => refusal.Wanted == "one of hdl, chol" && refusal.Got == "'fib4'");
    }

    private static TemplateParameter Of(ColumnType type) => new() { Name = "value", Type = type };
}
