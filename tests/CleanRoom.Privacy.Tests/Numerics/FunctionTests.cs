using System.Numerics;
using CleanRoom.Privacy.Numerics;
using CleanRoom.Privacy.Tests.Support;

namespace CleanRoom.Privacy.Tests.Numerics;

/// <summary>Digits of the constants are published; 60 of them lie between the bounds, and the bounds are closer than the last digit.</summary>
public class FunctionTests
{
    // e, e^-10, e^(1/3), e^100
    [Theory]
    [InlineData("1", "2.71828182845904523536028747135266249775724709369995957496697")]
    [InlineData("-10", "0.0000453999297624848515355915155605506102379180888665649692590713")]
    [InlineData("1/3", "1.39561242508608952862812531960258683759790651519940698261752")]
    [InlineData("100", "26881171418161354484126255515800135873611118.7737419224151916086152803")]
    public void Exponential_encloses_the_published_digits(string x, string digits) => Encloses(Exponential.Of(Values.Exact(x)), digits);

    [Theory]
    [InlineData("2", "0.693147180559945309417232121458176568075500134360255254120680")]
    [InlineData("10", "2.30258509299404568401799145468436420760110148862877297603333")]
    [InlineData("1/1000000000", "-20.7232658369464111561619231")]
    [InlineData("3", "1.09861228866810969139524523692252570464749055782274945173469")]
    public void Logarithm_encloses_the_published_digits(string x, string digits) => Encloses(Logarithm.Of(Values.Exact(x)), digits);

    [Theory]
    [InlineData("0", "0.5")]
    [InlineData("1", "0.158655253931457051414767454367962077522087")]
    [InlineData("4", "0.0227501319481792072002826371665334374")]
    [InlineData("100", "0.0000000000000000000000076198530241605260659733432515")]
    public void Normal_tail_encloses_the_published_digits(string square, string digits) => Encloses(NormalTail.Of(Values.Exact(square)), digits);

    [Fact]
    public void Exponential_is_the_inverse_of_the_logarithm()
    {
        for (var n = 1; n < 60; n++)
        {
            var x = Rational.Of(n * n * n, 17 * n * n + 1);
            var (down, up) = (Exponential.Of(Logarithm.Of(x).Lower).Lower, Exponential.Of(Logarithm.Of(x).Upper).Upper);
            (down <= x && x <= up).Should().BeTrue();
            (up - down < Rational.Of(1, BigInteger.One << 200)).Should().BeTrue();
        }
    }

    [Fact]
    public void Far_exponents_have_the_bound_that_there_is()
    {
        Exponential.Of(-1_000_000).Lower.Should().Be(Rational.Zero);
        (Exponential.Of(-1_000_000).Upper < Rational.Of(1, BigInteger.One << 5000)).Should().BeTrue();
        (Exponential.LowerBound(1_000_000) > BigInteger.One << 5000).Should().BeTrue();
        FluentActions.Invoking(() => Exponential.Of(4097)).Should().Throw<ArgumentOutOfRangeException>();
        NormalTail.Of(1_000_000).Lower.Should().Be(Rational.Zero);
        FluentActions.Invoking(() => Logarithm.Of(0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => NormalTail.Of(-1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => SquareRoot.Floor(-1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Square_root_is_the_whole_part()
    {
        for (BigInteger value = 0; value < BigInteger.One << 200; value = (value * 3) + 1)
        {
            var root = SquareRoot.Floor(value);
            (root * root <= value && value < (root + 1) * (root + 1)).Should().BeTrue();
        }
    }

    // The published thresholds and deltas are of continuous noise; they check the functions that the thresholds of integers are made of.
    [Fact]
    public void Published_thresholds_of_continuous_laplace_noise_follow()
    {
        foreach (var entry in SharedVectors.Entries("published_vectors.json", "laplace_threshold"))
        {
            var (groups, lInf) = (entry.Int("l0"), entry.Fraction("linf"));
            var delta = GroupDelta(entry.Fraction("delta"), groups);
            var scale = lInf * groups / entry.Fraction("eps");
            var lower = delta <= Rational.Of(1, 2);
            var log = Logarithm.Of((lower ? delta : Rational.One - delta) * 2).Upper;
            (lInf + (scale * (lower ? -log : log))).ToDouble().Should().BeApproximately(entry.Double("want"), entry.Double("tol"));
        }
    }

    [Fact]
    public void Published_thresholds_of_continuous_gaussian_noise_follow()
    {
        foreach (var entry in SharedVectors.Entries("published_vectors.json", "gaussian_threshold"))
        {
            // Both are of sigma 1. The published threshold is good to 0.002 only: its delta lies between those of its neighbours.
            GaussianDelta(1, entry.Double("eps"), Math.Sqrt(entry.Int("l0"))).Should().BeApproximately(entry.Double("noiseDelta"), 1e-12);
            var (threshold, delta) = (entry.Fraction("threshold") - entry.Int("linf"), entry.Fraction("thresholdDelta"));
            Appears(threshold + Rational.Of(1, 500)).Should().BeLessThan(delta);
            Appears(threshold - Rational.Of(1, 500)).Should().BeGreaterThan(delta);

            Rational Appears(Rational above)
            {
                var hidden = Rational.One - NormalTail.Of(above * above).Upper;
                return Rational.One - Enumerable.Repeat(hidden, entry.Int("l0")).Aggregate(Rational.One, (product, factor) => product * factor);
            }
        }
    }

    [Fact]
    public void Published_deltas_of_continuous_gaussian_noise_follow()
    {
        foreach (var entry in SharedVectors.Entries("published_vectors.json", "gaussian_delta"))
        {
            GaussianDelta(entry.Double("sigma"), entry.Double("eps"), Math.Sqrt(entry.Int("l0")) * entry.Int("linf"))
                .Should().BeApproximately(entry.Double("delta"), entry.Double("delta") * 1e-9);
        }
    }

    // 1 - (1 - delta)^(1/groups)
    private static Rational GroupDelta(Rational delta, int groups) => groups == 1
        ? delta
        : Rational.One - Exponential.Of(Logarithm.Of(Rational.One - delta).Upper / groups).Upper;

    // Balle, Wang (2018), theorem 8, with the tail of the product's functions.
    private static double GaussianDelta(double sigma, double epsilon, double l2) =>
        Tail((epsilon * sigma / l2) - (l2 / (2 * sigma))) - (Math.Exp(epsilon) * Tail((epsilon * sigma / l2) + (l2 / (2 * sigma))));

    private static double Tail(double x)
    {
        var tail = NormalTail.Of(Values.Exact($"{x * x:E17}")).Upper.ToDouble();
        return x >= 0 ? tail : 1 - tail;
    }

    private static void Encloses(Interval interval, string digits)
    {
        var value = Values.Exact(digits);
        var unit = Rational.Of(1, BigInteger.Pow(10, digits.Contains('.', StringComparison.Ordinal) ? digits.Split('.')[1].Length : 0));
        (interval.Lower <= value + unit && value - unit <= interval.Upper).Should().BeTrue($"{digits} is between the bounds");
        (interval.Upper - interval.Lower < unit).Should().BeTrue("the bounds are close");
        (interval.Lower <= interval.Upper).Should().BeTrue();
    }
}
