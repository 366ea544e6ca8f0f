using System.Numerics;
using CleanRoom.Privacy.Noise;
using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Benchmarks.Measures;

/// <summary>Exact noise, on one core: what a query with many groups and aggregates draws.</summary>
internal static class SamplerMeasures
{
    private const int Draws = 40_000;

    /// <summary>At least 400,000 draws a second.</summary>
    private static readonly TimeSpan s_goal = TimeSpan.FromSeconds(Draws / 400_000.0);

    /// <summary>Returns a measure for each sampler and scale. Fractions of two or three hundred bits are what a rho in billionths makes of a large clamp.</summary>
    public static IEnumerable<Measure> All()
    {
        foreach (var (name, scale) in Scales("1", "10", "1,000", "333.3..", "10^12 + 1/7"))
        {
            var laplace = new DiscreteLaplace(scale);
            yield return Of($"sampler/laplace s = {name}", laplace.Draw);
        }

        foreach (var (name, scale) in Scales("1", "10", "1,000", "333.3..", "10^12 + 1/7"))
        {
            var gaussian = new DiscreteGaussian(scale * scale);
            yield return Of($"sampler/gaussian sigma = {name}", gaussian.Draw);
        }
    }

    private static IEnumerable<(string Name, Rational Scale)> Scales(params string[] names) => names.Zip<string, Rational>(
        [1, 10, 1_000, Rational.Of(1_000, 3), Rational.Of((7 * BigInteger.Pow(10, 12)) + 1, 7)]);

    private static Measure Of(string name, Func<RandomBytes, BigInteger> draw)
    {
        BigInteger? first = null;
        return new Measure($"{name}, {Draws:N0} draws", s_goal, () =>
        {
            using var seed = new NoiseSeed(new byte[NoiseSeed.Length]);
            using var stream = seed.Stream("benchmark"u8, 0);
            var sum = BigInteger.Zero;
            for (var i = 0; i < Draws; i++)
            {
                sum += draw(stream);
            }

            Outcome.Require(sum == (first ??= sum), name);
        })
        {
            IsPerCore = true,
        };
    }
}
