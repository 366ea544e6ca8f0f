using System.Numerics;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CsCheck;

namespace CleanRoom.Policy.Tests.Gate;

/// <summary>Fractions of released numbers against whole numbers over a common denominator.</summary>
public sealed class RationalTests
{
    private static readonly Gen<(long Numerator, long Denominator)> _fractions = Gen.Select(Gen.Long[-1_000, 1_000], Gen.Long[1, 60]);

    [Fact]
    public void Compute_anyFractions_isThatOfWholeNumbers() => Gen.Select(_fractions, _fractions).Sample((a, b) =>
    {
        var (left, right) = (Of(a), Of(b));

        // Over the denominator of both, sums are sums of whole numbers.
        var (x, y, unit) = (a.Numerator * b.Denominator, b.Numerator * a.Denominator, a.Denominator * b.Denominator);
        Rational.Compute(ArithmeticOperator.Add, left, right).Should().Be(Of((x + y, unit)));
        Rational.Compute(ArithmeticOperator.Subtract, left, right).Should().Be(Of((x - y, unit)));
        Rational.Compute(ArithmeticOperator.Multiply, left, right).Should().Be(Of((a.Numerator * b.Numerator, unit)));
        Rational.Compute(ArithmeticOperator.Divide, left, right).Should().Be(y == 0 ? null : Of((y < 0 ? -x : x, Math.Abs(y))));
        left.CompareTo(right).Should().Be(x.CompareTo(y));
        left.IsZero.Should().Be(a.Numerator == 0);
        left.Negated().Should().Be(Of((-a.Numerator, a.Denominator)));
        left.Absolute().Should().Be(Of((Math.Abs(a.Numerator), a.Denominator)));
        left.Floor().Should().Be(Of(((long)Math.Floor((decimal)a.Numerator / a.Denominator), 1)));
    });

    [Theory]
    [InlineData(1, -2, "-0.50")]
    [InlineData(-1, -2, "0.50")]
    [InlineData(6, 4, "1.50")]
    public void Quotient_hasOneFormForOneNumber(int numerator, int denominator, string text) =>
        Rational.Quotient(numerator, denominator)!.Value.Round(2).ToString().Should().Be(text);

    [Theory]
    [InlineData("0.125", 2, "0.12")]
    [InlineData("0.375", 2, "0.38")]
    [InlineData("-0.125", 2, "-0.12")]
    [InlineData("-0.375", 2, "-0.38")]
    [InlineData("0.1251", 2, "0.13")]
    [InlineData("0.1249", 2, "0.12")]
    [InlineData("0", 2, "0.00")]
    [InlineData(".5", 1, "0.5")]
    [InlineData("-7", 0, "-7")]
    [InlineData("99999999999999999999999999999999999999", 0, "99999999999999999999999999999999999999")]
    [InlineData("100000000000000000000000000000000000000", 0, "null")]
    [InlineData("-99999999999999999999999999999999999999.5", 0, "null")]
    public void Round_isHalfEvenAndHasAtMost38Digits(string number, int scale, string text) => Rational.Parse(number).Round(scale).ToString().Should().Be(text);

    [Theory]
    [InlineData("2.5", 0, "3")]
    [InlineData("-2.5", 0, "-3")]
    [InlineData("2.45", 1, "2.5")]
    [InlineData("2.449", 1, "2.4")]
    [InlineData("-1250", -2, "-1300")]
    [InlineData("1249", -2, "1200")]
    [InlineData("49", -2, "0")]
    public void RoundedAwayFromZero_takesTiesAway(string number, int digits, string expected) =>
        Rational.Parse(number).RoundedAwayFromZero(digits).Should().Be(Rational.Parse(expected));

    [Theory]
    [InlineData("1", "1")]
    [InlineData("2", "1.414213562")]
    [InlineData("1000000000000000000000000000000", "1000000000000000")]
    [InlineData("0", "0")]
    public void SquareRoot_isExact(string square, string root) => Rational.Parse(square).SquareRoot(9).Should().Be(Rational.Parse(root));

    [Fact]
    public void SquareRoot_ofANegativeNumber_isNone() => Rational.Parse("-1").SquareRoot(3).Should().BeNull();

    [Fact]
    public void Quotient_byZero_isNone()
    {
        Rational.Quotient(1, 0).Should().BeNull();
        FluentActions.Invoking(() => Rational.Compute((ArithmeticOperator)9, Rational.Parse("1"), Rational.Parse("1"))).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static Rational Of((BigInteger Numerator, BigInteger Denominator) fraction) => Rational.Quotient(fraction.Numerator, fraction.Denominator)!.Value;
}
