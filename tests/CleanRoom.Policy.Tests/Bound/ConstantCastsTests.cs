using CleanRoom.Policy.Bound;

namespace CleanRoom.Policy.Tests.Bound;

/// <summary>A constant is converted exactly or not at all.</summary>
public class ConstantCastsTests
{
    private static readonly DateTime _noon = new(2026, 3, 4, 12, 0, 0, 500, DateTimeKind.Unspecified);

    [Theory]
    [InlineData("TINYINT")]
    [InlineData("SMALLINT")]
    [InlineData("INTEGER")]
    [InlineData("BIGINT")]
    [InlineData("HUGEINT")]
    [InlineData("UTINYINT")]
    [InlineData("USMALLINT")]
    [InlineData("UINTEGER")]
    [InlineData("UBIGINT")]
    public void Whole_types_take_whole_numbers(string type)
    {
        Convert(new ConstantValue.Number(4200, 2), type).Should().Be(new ConstantValue.Number(42, 0));
        Convert(new ConstantValue.Number(4210, 2), type).Should().Be(new ConstantValue.Other(), "a digit would be lost");
        Convert(new ConstantValue.Text("-42"), type).Should().Be(new ConstantValue.Number(-42, 0));
        Convert(new ConstantValue.Text("42.0"), type).Should().Be(new ConstantValue.Number(42, 0));
        Convert(new ConstantValue.Boolean(true), type).Should().Be(new ConstantValue.Other());
    }

    [Fact]
    public void Decimals_are_rescaled_and_binary_fractions_keep_what_they_are_given()
    {
        Convert(new ConstantValue.Number(42, 0), "DECIMAL", 3).Should().Be(new ConstantValue.Number(42_000, 3));
        Convert(new ConstantValue.Number(42_000, 3), "DECIMAL", 1).Should().Be(new ConstantValue.Number(420, 1));
        Convert(new ConstantValue.Number(42_010, 3), "DECIMAL", 1).Should().Be(new ConstantValue.Other());
        Convert(new ConstantValue.Text("0.125"), "FLOAT").Should().Be(new ConstantValue.Number(125, 3));
        Convert(new ConstantValue.Text("0.125"), "DOUBLE").Should().Be(new ConstantValue.Number(125, 3));
        Convert(new ConstantValue.Text("x"), "DOUBLE").Should().Be(new ConstantValue.Other());
    }

    [Theory]
    [InlineData("1 ")]
    [InlineData("1e3")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("--5")]
    [InlineData("")]
    [InlineData("11111111112222222222333333333344444444445")]
    public void Text_that_is_no_number_of_38_digits_is_none(string text) => Convert(new ConstantValue.Text(text), "HUGEINT").Should().Be(new ConstantValue.Other());

    [Fact]
    public void Text_of_38_digits_with_a_sign_and_a_point_is_a_number()
    {
        var digits = new string('9', 38);
        Convert(new ConstantValue.Text($"-{digits[..30]}.{digits[30..]}"), "DECIMAL", 8).Should().Be(new ConstantValue.Number(-System.Numerics.BigInteger.Parse(digits), 8));
    }

    [Fact]
    public void Null_stays_null_whatever_the_type() => Convert(new ConstantValue.Null(), "INTERVAL").Should().Be(new ConstantValue.Null());

    [Fact]
    public void Text_stays_text_and_nothing_else_becomes_text()
    {
        Convert(new ConstantValue.Text("a"), "VARCHAR").Should().Be(new ConstantValue.Text("a"));
        Convert(new ConstantValue.Number(1, 0), "VARCHAR").Should().Be(new ConstantValue.Other());
        Convert(new ConstantValue.Text("a"), "BLOB").Should().Be(new ConstantValue.Other());
    }

    [Theory]
    [InlineData("t", true)]
    [InlineData("TRUE", true)]
    [InlineData("f", false)]
    [InlineData("False", false)]
    [InlineData("yes", null)]
    [InlineData("", null)]
    public void Words_for_truth_are_four(string text, bool? expected) =>
        Convert(new ConstantValue.Text(text), "BOOLEAN").Should().Be(expected is { } truth ? new ConstantValue.Boolean(truth) : new ConstantValue.Other());

    [Fact]
    public void Truth_stays_truth_and_no_number_is_true()
    {
        Convert(new ConstantValue.Boolean(false), "BOOLEAN").Should().Be(new ConstantValue.Boolean(false));
        Convert(new ConstantValue.Number(1, 0), "BOOLEAN").Should().Be(new ConstantValue.Other());
    }

    [Fact]
    public void Days_and_moments_become_each_other_where_nothing_is_lost()
    {
        var day = new ConstantValue.Date(DateOnly.FromDateTime(_noon));
        Convert(day, "DATE").Should().Be(day);
        Convert(new ConstantValue.Text("2026-03-04"), "DATE").Should().Be(day);
        Convert(new ConstantValue.Text("2026-3-4"), "DATE").Should().Be(new ConstantValue.Other());
        Convert(new ConstantValue.Timestamp(_noon.Date), "DATE").Should().Be(day);
        Convert(new ConstantValue.Timestamp(_noon), "DATE").Should().Be(new ConstantValue.Other());
        Convert(new ConstantValue.Number(1, 0), "DATE").Should().Be(new ConstantValue.Other());
        Convert(day, "TIMESTAMP").Should().Be(new ConstantValue.Timestamp(_noon.Date));
        Convert(new ConstantValue.Timestamp(_noon), "TIMESTAMP").Should().Be(new ConstantValue.Timestamp(_noon));
        Convert(new ConstantValue.Number(1, 0), "TIMESTAMP").Should().Be(new ConstantValue.Other());
    }

    [Theory]
    [InlineData("2026-03-04", 0)]
    [InlineData("2026-03-04 12:00:00", 43_200_000)]
    [InlineData("2026-03-04 12:00:00.5", 43_200_500)]
    [InlineData("2026-03-04T12:00:00", 43_200_000)]
    [InlineData("2026-03-04T12:00:00.5", 43_200_500)]
    [InlineData("2026-03-04 12:00", null)]
    [InlineData("2026-03-04 12:00:00Z", null)]
    public void Text_of_a_moment_has_five_forms(string text, int? milliseconds) => Convert(new ConstantValue.Text(text), "TIMESTAMP").Should().Be(
        milliseconds is { } ms ? new ConstantValue.Timestamp(_noon.Date.AddMilliseconds(ms)) : new ConstantValue.Other());

    [Fact]
    public void Uuid_is_lower_case_hex()
    {
        const string id = "0011aabb-0000-4000-8000-00000000ffff";
        Convert(new ConstantValue.Text(id.ToUpperInvariant()), "UUID").Should().Be(new ConstantValue.Uuid(id));
        Convert(new ConstantValue.Uuid(id), "UUID").Should().Be(new ConstantValue.Uuid(id));
        Convert(new ConstantValue.Text(id.Replace("-", "", StringComparison.Ordinal)), "UUID").Should().Be(new ConstantValue.Other());
        Convert(new ConstantValue.Number(1, 0), "UUID").Should().Be(new ConstantValue.Other());
    }

    [Fact]
    public void Evaluate_takes_constants_and_their_casts_alone()
    {
        var text = new BoundExpression.Constant(new ConstantValue.Text("42")) { Type = new BoundType("VARCHAR", 0), Alias = "" };
        ConstantCasts.Evaluate(text).Should().Be(new ConstantValue.Text("42"));
        ConstantCasts.Evaluate(Cast(text, isTry: false)).Should().Be(new ConstantValue.Number(42, 0));
        ConstantCasts.Evaluate(Cast(text, isTry: true)).Should().BeNull();
        ConstantCasts.Evaluate(Cast(new BoundExpression.Reference(0) { Type = new BoundType("VARCHAR", 0), Alias = "" }, isTry: false)).Should().BeNull();
    }

    private static BoundExpression.Cast Cast(BoundExpression operand, bool isTry) => new(operand, isTry) { Type = new BoundType("INTEGER", 0), Alias = "" };

    private static ConstantValue Convert(ConstantValue value, string type, int scale = 0) => ConstantCasts.Convert(value, new BoundType(type, scale));
}
