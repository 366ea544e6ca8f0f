using System.Numerics;
using CleanRoom.Policy.Bound;
using CleanRoom.Policy.Evaluation;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Evaluation;

/// <summary>A constant has one text form for a column, or none.</summary>
public class LiteralsTests
{
    private static readonly BigInteger _most = BigInteger.Pow(10, 18) - 1;

    [Theory]
    [InlineData("0", 0, "0")]
    [InlineData("100", 0, "100")]
    [InlineData("100", 2, "1")]
    [InlineData("120", 2, "1.2")]
    [InlineData("-5", 3, "-0.005")]
    [InlineData("-1200", 3, "-1.2")]
    public void Number_has_no_superfluous_zeros(string unscaled, int scale, string text) => Literals.NumberText(BigInteger.Parse(unscaled), scale).Should().Be(text);

    [Fact]
    public void Truth_has_two_words()
    {
        For(ColumnType.Boolean, new ConstantValue.Boolean(true)).Should().Be(new Literal(ColumnType.Boolean, "true"));
        For(ColumnType.Boolean, new ConstantValue.Boolean(false)).Should().Be(new Literal(ColumnType.Boolean, "false"));
        Literals.ForOutput(new ConstantValue.Boolean(true))!.Value.Literal.Text.Should().Be("true");
        Literals.ForOutput(new ConstantValue.Boolean(false))!.Value.Literal.Text.Should().Be("false");
    }

    [Theory]
    [InlineData(ColumnType.Int32)]
    [InlineData(ColumnType.Int64)]
    public void Whole_number_is_at_most_of_64_bits(ColumnType type)
    {
        For(type, new ConstantValue.Number(long.MaxValue, 0)).Should().Be(new Literal(type, "9223372036854775807"));
        For(type, new ConstantValue.Number(long.MinValue, 0)).Should().Be(new Literal(type, "-9223372036854775808"));
        For(type, new ConstantValue.Number((BigInteger)long.MaxValue + 1, 0)).Should().BeNull();
        For(type, new ConstantValue.Number((BigInteger)long.MinValue - 1, 0)).Should().BeNull();
        For(type, new ConstantValue.Number(15, 1)).Should().BeNull("a digit would be lost");
        Literals.SameKind(Column(type), new ConstantValue.Number(15, 1)).Should().BeTrue();
        Literals.SameKind(Column(type), new ConstantValue.Text("15")).Should().BeFalse();
    }

    [Fact]
    public void Decimal_has_at_most_18_digits()
    {
        For(ColumnType.Decimal, new ConstantValue.Number(_most, 2), 2)!.Text.Should().Be("9999999999999999.99");
        For(ColumnType.Decimal, new ConstantValue.Number(-_most, 2), 2)!.Text.Should().Be("-9999999999999999.99");
        For(ColumnType.Decimal, new ConstantValue.Number(_most + 1, 2), 2).Should().BeNull();
        For(ColumnType.Decimal, new ConstantValue.Number(-_most - 1, 2), 2).Should().BeNull();
    }

    [Fact]
    public void Output_has_at_most_38_digits_and_a_scale_that_cells_have()
    {
        var most = BigInteger.Pow(10, 38) - 1;
        Literals.ForOutput(new ConstantValue.Number(most, 0)).Should().NotBeNull();
        Literals.ForOutput(new ConstantValue.Number(-most, 0)).Should().NotBeNull();
        Literals.ForOutput(new ConstantValue.Number(most + 1, 0)).Should().BeNull();
        Literals.ForOutput(new ConstantValue.Number(-most - 1, 0)).Should().BeNull();
        Literals.ForOutput(new ConstantValue.Number(1, CellType.MaxScale)).Should().NotBeNull();
        Literals.ForOutput(new ConstantValue.Number(1, CellType.MaxScale + 1)).Should().BeNull();
        Literals.ForOutput(new ConstantValue.Other()).Should().BeNull();
    }

    [Theory]
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", true)]
    [InlineData("00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff", false)]
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddeef", false)]
    public void Digest_is_64_lower_case_hex_digits(string text, bool isOne) =>
        (For(ColumnType.Sha256, new ConstantValue.Text(text)) is not null).Should().Be(isOne);

    [Fact]
    public void Text_has_no_control_characters()
    {
        For(ColumnType.String, new ConstantValue.Text("a b")).Should().Be(new Literal(ColumnType.String, "a b"));
        For(ColumnType.String, new ConstantValue.Text("a\nb")).Should().BeNull();
    }

    [Fact]
    public void Days_and_moments_are_written_with_what_they_have()
    {
        var (day, noon) = (new DateTime(2026, 3, 4), new DateTime(2026, 3, 4, 12, 0, 0));
        For(ColumnType.Date, new ConstantValue.Date(new DateOnly(2026, 3, 4)))!.Text.Should().Be("2026-03-04");
        For(ColumnType.Date, new ConstantValue.Timestamp(day))!.Text.Should().Be("2026-03-04");
        For(ColumnType.Date, new ConstantValue.Timestamp(noon)).Should().BeNull();
        Literals.SameKind(Column(ColumnType.Date), new ConstantValue.Timestamp(noon)).Should().BeTrue();
        For(ColumnType.Timestamp, new ConstantValue.Date(new DateOnly(2026, 3, 4)))!.Text.Should().Be("2026-03-04 00:00:00");
        For(ColumnType.Timestamp, new ConstantValue.Timestamp(noon.AddMilliseconds(250)))!.Text.Should().Be("2026-03-04 12:00:00.25");
    }

    private static Literal? For(ColumnType type, ConstantValue value, int scale = 0) => Literals.For(Column(type, scale), value);

    private static PlanColumn Column(ColumnType type, int scale = 0) => new(0, "c", type, scale);
}
