using System.Numerics;
using CleanRoom.Privacy.Mechanisms;
using CleanRoom.Privacy.Numerics;
using CleanRoom.Privacy.Tests.Support;

namespace CleanRoom.Privacy.Tests.Statistics;

/// <summary>Google's cases for counts: a true mechanism passes, one of scale/1.2 or with two units' distance too many does not.</summary>
public class CountCasesTests
{
    private const int Samples = 100_000;
    private const double SmallEpsilon = 0.2;

    [Fact]
    public void Every_case_holds_and_wrong_noise_does_not()
    {
        var (pool, rejected) = (new NoisePool(Samples), 0);
        foreach (var test in DpCase.Read("count"))
        {
            var (raw, neighbour) = test.Entries("raw_increment_by");
            var (a, b) = (Sum(raw), Sum(neighbour));
            var mechanism = test.Mechanism(Sensitivity.Units(test.MaxGroups));
            var bucket = NoisePool.Bucket(mechanism);
            Accepts(mechanism, b, bucket, test).Should().BeTrue(test.Name);
            if (test.Epsilon < SmallEpsilon)
            {
                continue;
            }

            rejected++;
            Accepts(mechanism, b + ((b - a) * (test.Laplace ? 2 : 8)), bucket, test).Should().BeFalse($"{test.Name}, shifted");
            if (test.Laplace)
            {
                var narrow = new LaplaceMechanism(mechanism.Sensitivity, ((LaplaceMechanism)mechanism).NanoEpsilon * 6 / 5);
                Accepts(narrow, b, bucket, test).Should().BeFalse($"{test.Name}, scale/1.2");
            }

            bool Accepts(NoiseMechanism noise, BigInteger other, long width, DpCase parameters) => Divergence.Accepts(
                NoisePool.Answers(pool.Draws(noise, "a"), a, width), NoisePool.Answers(pool.Draws(noise, "b"), other, width), parameters.Epsilon, parameters.Delta);
        }

        rejected.Should().Be(30, "only the six cases of a small epsilon are too weak to show a wrong scale at this number of samples");
    }

    // The first case as published, with its million samples and its tolerance.
    [Fact]
    public void The_default_case_holds_at_the_published_sample_size_and_tolerance()
    {
        const int Million = 1_000_000;
        var test = DpCase.Read("count")[0];
        var mechanism = (LaplaceMechanism)test.Mechanism(Sensitivity.Units(1));
        var narrow = new LaplaceMechanism(mechanism.Sensitivity, mechanism.NanoEpsilon * 6 / 5);
        var (a, b) = (TestNoise.Draws(Million, "default a", mechanism.Draw), TestNoise.Draws(Million, "default b", mechanism.Draw));

        Accepts(a, Shifted(b, 1)).Should().BeTrue();
        Accepts(a, Shifted(b, 2)).Should().BeFalse("a shift of 2 is seen");
        Accepts(TestNoise.Draws(Million, "narrow a", narrow.Draw), Shifted(TestNoise.Draws(Million, "narrow b", narrow.Draw), 1)).Should().BeFalse("scale/1.2 is seen");

        bool Accepts(long[] left, long[] right) => Divergence.AcceptsWithin(left, right, test.Epsilon, test.Delta, test.Tolerance);
        long[] Shifted(long[] draws, int by) => [.. draws.Select(draw => draw + by)];
    }

    private static BigInteger Sum(IEnumerable<Rational> values) =>
        values.Aggregate(BigInteger.Zero, (sum, value) => sum + value.Floor());
}
