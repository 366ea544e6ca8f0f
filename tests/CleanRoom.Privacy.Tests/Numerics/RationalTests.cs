using System.Numerics;
using CleanRoom.Privacy.Numerics;
using CsCheck;

namespace CleanRoom.Privacy.Tests.Numerics;

public class RationalTests
{
    private static readonly Gen<Rational> _rational = Gen.Select(Gen.Long, Gen.Long[1, long.MaxValue], (n, d) => Rational.Of(n, d));

    [Fact]
    public void Arithmetic_is_that_of_a_field() => Gen.Select(_rational, _rational, _rational).Sample((a, b, c) =>
    {
        (a * (b + c)).Should().Be((a * b) + (a * c));
        (a - b + b).Should().Be(a);
        (b.Sign == 0 || a / b * b == a).Should().BeTrue();
        a.CompareTo(b).Should().Be((a - b).Sign);
    });

    [Fact]
    public void Order_is_that_of_the_numbers()
    {
        var (less, same, more) = (Rational.Of(1, 3), Rational.Of(2, 6), Rational.Of(1, 2));
        new[] { less < more, less <= more, less > more, less >= more }.Should().Equal(true, true, false, false);
        new[] { less < same, less <= same, less > same, less >= same }.Should().Equal(false, true, false, true);
        new[] { more < less, more <= less, more > less, more >= less }.Should().Equal(false, false, true, true);
        new[] { Rational.Max(less, more), Rational.Max(more, less), Rational.Min(less, more), Rational.Min(more, less) }.Should().Equal(more, more, less, less);
    }

    [Fact]
    public void Floor_and_ceiling_enclose_the_value() => _rational.Sample(value =>
    {
        ((Rational)value.Floor() <= value && value < value.Floor() + 1).Should().BeTrue();
        ((Rational)value.Ceiling() >= value && value > value.Ceiling() - 1).Should().BeTrue();
    });

    [Theory]
    [InlineData("0.000000001", "1/1000000000")]
    [InlineData("-12.50", "-25/2")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("0.0000000000000000000000000001", "1/10000000000000000000000000000")]
    public void FromDecimal_rounds_nothing(string text, string expected) =>
        Rational.FromDecimal(decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToString().Should().Be(expected);

    [Fact]
    public void Default_is_zero()
    {
        default(Rational).Should().Be(Rational.Zero).And.Be(Rational.Of(0, 7));
        default(Rational).Denominator.Should().Be(BigInteger.One);
    }

    [Fact]
    public void Denominator_of_zero_or_below_throws()
    {
        FluentActions.Invoking(() => Rational.Of(1, 0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Rational.Of(1, -1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Rational.One / Rational.Zero).Should().Throw<DivideByZeroException>();
    }
}
