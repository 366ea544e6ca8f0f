using System.Numerics;
using CleanRoom.Privacy.Noise;
using CleanRoom.Privacy.Tests.Support;

namespace CleanRoom.Privacy.Tests.Noise;

public class ExactSamplingTests
{
    [Fact]
    public void Below_gives_the_draws_of_the_vectors()
    {
        foreach (var entry in SharedVectors.Committed("noise.json", "below"))
        {
            var bound = entry.Integer("bound");
            var expected = VectorNoise.Expected(entry);
            VectorNoise.Draws(entry, random => $"{ExactSampling<BigInteger>.Below(bound, random)}").Should().Equal(expected);
            VectorNoise.Draws(entry, random => $"{ExactSampling<UInt128>.Below((UInt128)bound, random)}").Should().Equal(expected);
            if (bound <= ulong.MaxValue)
            {
                VectorNoise.Draws(entry, random => $"{ExactSampling<ulong>.Below((ulong)bound, random)}").Should().Equal(expected);
            }
        }
    }

    // 700 is what shows a bias: 2^10 mod 700 folds 324 values onto the first.
    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(700)]
    public void Below_is_uniform(int bound)
    {
        const int Samples = 140_000;
        var draws = TestNoise.Draws(Samples, $"uniform{bound}", random => ExactSampling<ulong>.Below((ulong)bound, random));
        var pmf = Enumerable.Repeat(1.0 / bound, bound).ToArray();

        ChiSquare.Accepts(draws, 0, pmf).Should().BeTrue();
        ChiSquare.Accepts([.. draws.Select((draw, i) => i % 10 == 0 ? draw / 2 : draw)], 0, pmf).Should().BeFalse("a bias of one in ten is seen");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 3)]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    public void BernoulliExp_is_true_with_the_probability_of_e_to_the_minus_x(int n, int d)
    {
        const int Samples = 200_000;
        var draws = TestNoise.Draws(Samples, $"exp{n}/{d}", random => ExactSampling<ulong>.BernoulliExp((ulong)n, (ulong)d, random) ? 1 : 0);
        var rate = draws.Average();

        Wilson.Contains(rate, Samples, Math.Exp(-(double)n / d)).Should().BeTrue();
        Wilson.Contains(rate, Samples, Math.Exp(-1.2 * n / d) - (n == 0 ? 0.01 : 0)).Should().BeFalse("another rate is seen");
    }

    // In 8 bits the second multiple of the denominator does not fit, and every draw below 200 asks for it.
    [Fact]
    public void Integers_that_are_too_narrow_throw()
    {
        using var random = TestNoise.Stream("narrow");
        random.Invoking(it => ExactSampling<byte>.BernoulliExp(200, 200, it)).Should().Throw<OverflowException>();
    }

    // A whole number of denominators is taken off while more than one is left: the bytes that come after tell how many were drawn.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(6, 3)]
    public void BernoulliExp_of_256_bits_draws_what_any_length_draws(int n, int d)
    {
        using var first = TestNoise.Stream("draws");
        using var second = TestNoise.Stream("draws");
        for (var i = 0; i < 200; i++)
        {
            WideSampling.BernoulliExp(new(0, (UInt128)n), new(0, (UInt128)d), first).Should().Be(ExactSampling<BigInteger>.BernoulliExp(n, d, second));
        }
    }
}
