using System.Numerics;
using CleanRoom.Privacy.Noise;
using CleanRoom.Privacy.Numerics;
using CleanRoom.Privacy.Tests.Support;

namespace CleanRoom.Privacy.Tests.Noise;

public class DiscreteLaplaceTests
{
    private const int Samples = 200_000;

    [Fact]
    public void Draw_gives_the_draws_of_the_vectors()
    {
        foreach (var entry in SharedVectors.Committed("noise.json", "laplace"))
        {
            var noise = new DiscreteLaplace(entry.Fraction("scale"));
            VectorNoise.Draws(entry, random => $"{noise.Draw(random)}").Should().Equal(VectorNoise.Expected(entry));
            VectorNoise.Draws(entry, random => $"{noise.DrawWide(random)}").Should().Equal(VectorNoise.Expected(entry));
        }
    }

    [Fact]
    public void Draw_has_the_published_probabilities_and_variance_and_another_scale_has_not()
    {
        foreach (var entry in SharedVectors.Entries("dp_reference_values.json", "dlaplace_pmf"))
        {
            var scale = entry.Fraction("scale");
            var published = entry.GetProperty("p").EnumerateArray().Select(p => p.GetDouble()).ToList();
            published.Should().AllSatisfy(p => p.Should().BeApproximately(ExactPmf.Laplace(scale.ToDouble(), published.IndexOf(p)), 1e-12));
            var pmf = published.Skip(1).Reverse().Concat(published).ToList();
            var draws = TestNoise.Draws(Samples, $"laplace{scale}", new DiscreteLaplace(scale).Draw);
            var narrow = TestNoise.Draws(Samples, $"narrow{scale}", new DiscreteLaplace(scale / Rational.Of(6, 5)).Draw);

            ChiSquare.Accepts(draws, -(published.Count - 1), pmf).Should().BeTrue();
            ChiSquare.Accepts(narrow, -(published.Count - 1), pmf).Should().BeFalse("scale/1.2 is seen");
            ChiSquare.Accepts([.. draws.Select(z => z + 2)], -(published.Count - 1), pmf).Should().BeFalse("a shift of 2 is seen");
            Moments.Accept(draws, entry.Double("var"), kurtosis: 3 + (3 * 2) + (1 / entry.Double("var"))).Should().BeTrue();
            Moments.Accept(narrow, entry.Double("var"), kurtosis: 3 + (3 * 2) + (1 / entry.Double("var"))).Should().BeFalse();
        }
    }

    [Fact]
    public void Draw_is_not_rounded_continuous_noise()
    {
        // Rounding a continuous Laplace number of scale 1 gives 0 with 1 - e^-1/2 = 0.39; the discrete one with 0.46.
        var draws = TestNoise.Draws(Samples, "rounded", random => (BigInteger)Math.Round(Continuous.Laplace(random)));
        ChiSquare.Accepts(draws, -12, ExactPmf.Around(12, z => ExactPmf.Laplace(1, z))).Should().BeFalse();
    }

    // Log ratios of neighbouring probabilities are exactly 1/s: the slope is what epsilon promises.
    [Fact]
    public void Tail_falls_with_the_slope_of_the_scale()
    {
        var draws = TestNoise.Draws(Samples, "slope", new DiscreteLaplace(3).Draw);
        for (var t = 0; t < 20; t++)
        {
            Wilson.Contains(draws.Count(z => z > t) / (double)Samples, Samples, Math.Exp(-t / 3.0) / (Math.Exp(1 / 3.0) + 1)).Should().BeTrue();
        }
    }

    // On either side of every limit at which other integers are used: the same bytes give the same values.
    [Theory]
    [InlineData("70368744177663/2", "Bits64")]
    [InlineData("70368744177665/2", "Bits128")]
    [InlineData("1/70368744177665", "Bits128")]
    [InlineData("1298074214633706907132624082305023/2", "Bits128")]
    [InlineData("1298074214633706907132624082305025/2", "Any")]
    public void Draw_gives_what_integers_of_any_length_give(string scale, string width)
    {
        var noise = new DiscreteLaplace(Values.Exact(scale));
        $"{noise.Width}".Should().Be(width);
        using var first = TestNoise.Stream(scale);
        using var second = TestNoise.Stream(scale);
        for (var i = 0; i < 500; i++)
        {
            noise.Draw(first).Should().Be(noise.DrawWide(second));
        }
    }

    [Fact]
    public void Scale_of_zero_throws() =>
        FluentActions.Invoking(() => new DiscreteLaplace(Rational.Zero)).Should().Throw<ArgumentOutOfRangeException>();
}
