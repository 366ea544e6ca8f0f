using System.Globalization;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;
using static CleanRoom.Policy.Tests.Support.SamplePlans;

namespace CleanRoom.Policy.Tests.Gate;

/// <summary>Functions of released numbers: exact, and with a value for every number.</summary>
public sealed class ReleasedFunctionsTests
{
    private static readonly OutputExpression _sum = new OutputExpression.Aggregate(0, CellType.OfScale(2));
    private static readonly OutputExpression _other = new OutputExpression.Aggregate(1, CellType.OfScale(2));

    [Theory]
    [InlineData(RoundingFunction.Round, 0, "2.50", "3")]
    [InlineData(RoundingFunction.Round, 0, "-2.50", "-3")]
    [InlineData(RoundingFunction.Round, 1, "2.25", "2.3")]
    [InlineData(RoundingFunction.Round, 1, "2.24", "2.2")]
    [InlineData(RoundingFunction.Round, 5, "2.24", "2.24")]
    [InlineData(RoundingFunction.Round, -2, "149.99", "100")]
    [InlineData(RoundingFunction.Round, -2, "-150.00", "-200")]
    [InlineData(RoundingFunction.Floor, 0, "2.99", "2")]
    [InlineData(RoundingFunction.Floor, 0, "-2.01", "-3")]
    [InlineData(RoundingFunction.Floor, 0, "-2.00", "-2")]
    [InlineData(RoundingFunction.Ceiling, 0, "2.01", "3")]
    [InlineData(RoundingFunction.Ceiling, 0, "-2.99", "-2")]
    [InlineData(RoundingFunction.Absolute, 0, "-2.99", "2.99")]
    [InlineData(RoundingFunction.Absolute, 0, null, "null")]
    [InlineData(RoundingFunction.Round, 1, null, "null")]
    public void Rounded_isWhatSqlSays(RoundingFunction function, int digits, string? value, string expected) =>
        Value(new OutputExpression.Rounded(function, _sum, digits), value, null).Should().Be(expected);

    [Theory]
    [InlineData(ChoiceFunction.Greatest, "1.00", "2.00", "2.00")]
    [InlineData(ChoiceFunction.Greatest, "1.00", null, "1.00")]
    [InlineData(ChoiceFunction.Greatest, null, null, "null")]
    [InlineData(ChoiceFunction.Least, "1.00", "2.00", "1.00")]
    [InlineData(ChoiceFunction.Least, null, "2.00", "2.00")]
    [InlineData(ChoiceFunction.Coalesce, "1.00", "2.00", "1.00")]
    [InlineData(ChoiceFunction.Coalesce, null, "2.00", "2.00")]
    [InlineData(ChoiceFunction.NullIf, "1.00", "1.00", "null")]
    [InlineData(ChoiceFunction.NullIf, "1.00", "2.00", "1.00")]
    [InlineData(ChoiceFunction.NullIf, "1.00", null, "1.00")]
    [InlineData(ChoiceFunction.NullIf, null, "1.00", "null")]
    public void Choice_isWhatSqlSays(ChoiceFunction function, string? left, string? right, string expected) =>
        Value(new OutputExpression.Choice(function, _sum, _other), left, right).Should().Be(expected);

    [Fact]
    public void Coalesce_ofTexts_takesTheFirst()
    {
        var text = new CellType(ColumnType.String, 0);
        var choice = new OutputExpression.Choice(
            ChoiceFunction.Coalesce, new OutputExpression.Key(0, text), new OutputExpression.Constant(new Literal(ColumnType.String, "none"), text));
        var plan = Grouped(10, Count) with { Outputs = [new PlanOutput("x", choice)] };

        Released(plan, Row("a", 1, 10), Row(null, 1, 10)).Should().Equal("a", "none");
    }

    [Fact]
    public void Coalesce_cannotTellWithheldFromAbsent()
    {
        var plan = Grouped(10, Sum) with
        {
            Outputs =
            [
                new PlanOutput("x", new OutputExpression.Choice(
                    ChoiceFunction.Coalesce, _sum, new OutputExpression.Constant(new Literal(ColumnType.Decimal, "0"), CellType.OfScale(0)))),
            ],
        };

        Released(plan, Row("a", 5.00m, 10, 9), Row("b", null, 10, 0)).Should().Equal("0.00", "0.00");
    }

    private static string Value(OutputExpression expression, string? left, string? right)
    {
        var plan = Grouped(10, Sum, Sum) with { Outputs = [new PlanOutput("x", expression)] };
        return Released(plan, Row("a", Number(left), Number(right), 10, 10, 10)).Single();
    }

    private static decimal? Number(string? text) => text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture);
}
