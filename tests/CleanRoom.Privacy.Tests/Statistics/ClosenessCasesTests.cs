using CleanRoom.Privacy.Noise;
using CleanRoom.Privacy.Tests.Support;

namespace CleanRoom.Privacy.Tests.Statistics;

/// <summary>Google's cases for the shape of noise: integers of the published granularity against continuous noise that is rounded to it.</summary>
public class ClosenessCasesTests
{
    private const int Samples = 20_000;

    // Buckets of an eighth of the standard deviation show the shape; narrower ones only have fewer samples each.
    private const double BucketsPerDeviation = 8;

    [Theory]
    [InlineData("laplace", 19)]
    [InlineData("gaussian", 23)]
    public void Every_case_is_close_and_wrong_noise_is_not(string shape, int cases)
    {
        var seen = 0;
        foreach (var message in TextProto.Parse(SharedVectors.Text($"{shape}_closeness_test_cases.textproto")).Children("distribution_closeness_test_case"))
        {
            seen++;
            var (test, name) = (message.Child("closeness_test_parameters"), message.Text("name"));
            var deviation = Math.Sqrt(test.Number("variance")) / test.Number("granularity");
            var mean = Math.Round(test.Number("mean") / test.Number("granularity"));
            var draws = Bucketed(TestNoise.Draws(Samples, shape + name, Exact(shape, deviation)), mean);

            Closeness.Accepts(draws, Reference(shape, 1, 0)).Should().BeTrue(name);
            Closeness.Accepts(draws, Reference(shape, 1.2, 0)).Should().BeFalse($"{name}, scale/1.2");
            Closeness.Accepts(draws, Reference(shape, 1, 0.25)).Should().BeFalse($"{name}, shifted");
            Closeness.Accepts(draws, Reference(shape == "laplace" ? "gaussian" : "laplace", 1, 0)).Should().BeFalse($"{name}, another shape");

            long[] Reference(string other, double scale, double shift)
            {
                using var random = TestNoise.Stream($"reference {shape} {name} {other} {scale} {shift}");
                return Bucketed([.. Enumerable.Range(0, Samples).Select(_ => (long)Math.Round(deviation * (shift + (Continuous(other, random) * scale))))], mean);
            }

            long[] Bucketed(long[] values, double centre)
            {
                var width = deviation / BucketsPerDeviation;
                return [.. values.Select(value => (long)Math.Floor((value + centre) / Math.Max(1, width)))];
            }
        }

        seen.Should().Be(cases);
    }

    private static double Continuous(string shape, RandomBytes random) => shape == "laplace"
        ? Support.Continuous.Laplace(random) / Math.Sqrt(2)
        : Support.Continuous.Gaussian(random);

    private static Func<RandomBytes, System.Numerics.BigInteger> Exact(string shape, double deviation) => shape == "laplace"
        ? new DiscreteLaplace(Values.Exact($"{deviation / Math.Sqrt(2):F6}")).Draw
        : new DiscreteGaussian(Values.Exact($"{deviation * deviation:F6}")).Draw;
}
