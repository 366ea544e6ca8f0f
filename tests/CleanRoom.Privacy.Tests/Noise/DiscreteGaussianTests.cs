using System.Numerics;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Privacy.Noise;
using CleanRoom.Privacy.Numerics;
using CleanRoom.Privacy.Tests.Support;

namespace CleanRoom.Privacy.Tests.Noise;

public class DiscreteGaussianTests
{
    private const int Samples = 200_000;

    [Fact]
    public void Draw_gives_the_draws_of_the_vectors()
    {
        foreach (var entry in SharedVectors.Committed("noise.json", "gaussian"))
        {
            var noise = new DiscreteGaussian(entry.Fraction("sigmaSquared"));
            VectorNoise.Draws(entry, random => $"{noise.Draw(random)}").Should().Equal(VectorNoise.Expected(entry));
            VectorNoise.Draws(entry, random => $"{noise.DrawWide(random)}").Should().Equal(VectorNoise.Expected(entry));
        }
    }

    [Fact]
    public void Draw_has_the_published_probabilities_and_variance_and_another_scale_has_not()
    {
        foreach (var entry in SharedVectors.Entries("dp_reference_values.json", "dgauss_pmf"))
        {
            var variance = entry.Fraction("sigma2");
            var published = entry.GetProperty("p").EnumerateArray().Select(p => p.GetDouble()).ToList();
            published.Should().AllSatisfy(p => p.Should().BeApproximately(ExactPmf.Gaussian(variance.ToDouble(), published.IndexOf(p)), 1e-12));
            var pmf = published.Skip(1).Reverse().Concat(published).ToList();
            var draws = TestNoise.Draws(Samples, $"gauss{variance}", new DiscreteGaussian(variance).Draw);
            var narrow = TestNoise.Draws(Samples, $"narrow{variance}", new DiscreteGaussian(variance / Rational.Of(36, 25)).Draw);

            ChiSquare.Accepts(draws, -(published.Count - 1), pmf).Should().BeTrue();
            ChiSquare.Accepts(narrow, -(published.Count - 1), pmf).Should().BeFalse("scale/1.2 is seen");
            ChiSquare.Accepts([.. draws.Select(z => z + 2)], -(published.Count - 1), pmf).Should().BeFalse("a shift of 2 is seen");
            Moments.Accept(draws, entry.Double("var"), kurtosis: 3).Should().BeTrue();
            Moments.Accept(narrow, entry.Double("var"), kurtosis: 3).Should().BeFalse();
        }
    }

    [Fact]
    public void Draw_is_not_rounded_continuous_noise()
    {
        // Rounding a normal number of variance 1 gives 0 with 0.383; the discrete one with 0.399.
        var draws = TestNoise.Draws(Samples, "rounded", random => (BigInteger)Math.Round(Continuous.Gaussian(random)));
        ChiSquare.Accepts(draws, -6, ExactPmf.GaussianAround(6, 1)).Should().BeFalse();
    }

    // Small fractions, where sigma is below 1, and a fraction that no machine integer holds.
    [Theory]
    [InlineData("1/10", 2)]
    [InlineData("7/3", 9)]
    [InlineData("123456789/98765", 160)]
    [InlineData("1000000000000000000000000000007/90000000000000000000000000000", 15)]
    public void Draw_has_the_exact_probabilities(string variance, int reach)
    {
        var exact = Values.Exact(variance);
        var draws = TestNoise.Draws(Samples / 2, variance, new DiscreteGaussian(exact).Draw);
        ChiSquare.Accepts(draws, -reach, ExactPmf.GaussianAround(reach, exact.ToDouble())).Should().BeTrue();
    }

    [Fact]
    public void Loss_at_the_published_deltas_is_within_what_the_accounting_says()
    {
        foreach (var entry in SharedVectors.Entries("dp_reference_values.json", "dgauss_delta"))
        {
            var (variance, epsilon, delta) = (entry.Double("sigma2"), entry.Double("eps"), entry.Double("delta"));
            var reach = (int)(60 * Math.Sqrt(variance));
            ExactPmf.Delta(ExactPmf.GaussianAround(reach, variance), 1, epsilon).Should().BeApproximately(delta, delta * 1e-6);

            var nanoRho = (long)(Rational.Of(1_000_000_000, 2) / entry.Fraction("sigma2")).Floor();
            ZcdpConversion.Delta(nanoRho, entry.Fraction("eps")).Should().BeGreaterThan(entry.Fraction("delta"));
            ZcdpConversion.Epsilon(nanoRho, entry.Fraction("delta")).Should().BeGreaterThan(entry.Fraction("eps"));
        }
    }

    // On either side of every limit at which other integers are used: the same bytes give the same values.
    [Theory]
    [InlineData("72057593501057024/1", "Bits128", 2_000)]
    [InlineData("72057593501057025/1", "Bits256", 2_000)]
    [InlineData("1/72057594037927935", "Bits128", 2_000)]
    [InlineData("1/72057594037927937", "Bits256", 2_000)]
    [InlineData("1000000000000000000000001/49", "Bits256", 2_000)]
    [InlineData("4951760157141380362108141568/1", "Bits256", 1_000)]
    [InlineData("4951760157141380362108141569/1", "Any", 1_000)]
    [InlineData("85070591730234615865843651857942052863/1152921504606846976", "Any", 500)]
    [InlineData("1/332306998946228968225951765070086143", "Bits256", 500)]
    [InlineData("1/332306998946228968225951765070086145", "Any", 500)]
    public void Draw_gives_what_integers_of_any_length_give(string variance, string width, int draws)
    {
        var noise = new DiscreteGaussian(Values.Exact(variance));
        $"{noise.Width}".Should().Be(width);
        TestNoise.Draws(draws, variance, noise.Draw).Should().Equal(TestNoise.Draws(draws, variance, noise.DrawWide));
    }

    [Fact]
    public void Variance_of_zero_throws() =>
        FluentActions.Invoking(() => new DiscreteGaussian(Rational.Zero)).Should().Throw<ArgumentOutOfRangeException>();
}
