using System.Numerics;
using CleanRoom.Privacy.Mechanisms;
using CleanRoom.Privacy.Numerics;
using CleanRoom.Privacy.Tests.Support;

namespace CleanRoom.Privacy.Tests.Statistics;

/// <summary>Google's cases for sums and means, on integers of a quarter of the published granularity.</summary>
public class SumAndMeanCasesTests
{
    private const int Samples = 25_000;
    private const double SmallEpsilon = 0.3;

    [Theory]
    [InlineData("bounded_sum", 38, 30)]
    [InlineData("long_bounded_sum", 38, 30)]
    public void Every_sum_holds_and_a_wrong_shift_does_not(string kind, int cases, int strong)
    {
        var (pool, seen, rejected) = (new NoisePool(Samples), 0, 0);
        foreach (var test in DpCase.Read(kind))
        {
            seen++;
            var step = test.Granularity / 4;
            var (lower, upper) = ((Int128)(test.Lower / step).Floor(), (Int128)(test.Upper / step).Ceiling());
            var (raw, neighbour) = test.Entries("raw_entry");
            var (a, b) = (Sum(raw, step, lower, upper), Sum(neighbour, step, lower, upper));
            var mechanism = test.Mechanism(Sensitivity.Sum(test.MaxGroups, lower, upper));
            var bucket = NoisePool.Bucket(mechanism);
            Accepts(b).Should().BeTrue(test.Name);
            if (test.Epsilon >= SmallEpsilon)
            {
                rejected++;
                Accepts(b + ((b - a) * (test.Laplace ? 2 : 8))).Should().BeFalse($"{test.Name}, shifted");
            }

            bool Accepts(BigInteger other) => Divergence.Accepts(
                NoisePool.Answers(pool.Draws(mechanism, "a"), a, bucket), NoisePool.Answers(pool.Draws(mechanism, "b"), other, bucket), test.Epsilon, test.Delta);
        }

        (seen, rejected).Should().Be((cases, strong));
    }

    [Fact]
    public void Every_mean_holds_and_unclamped_entries_do_not()
    {
        var (pool, seen, rejected) = (new NoisePool(Samples), 0, 0);
        foreach (var test in DpCase.Read("bounded_mean"))
        {
            seen++;
            var step = test.Granularity / 4;
            var (lower, upper) = ((Int128)(test.Lower / step).Floor(), (Int128)(test.Upper / step).Ceiling());
            var (raw, neighbour) = test.Entries("raw_entry");
            var numerator = test.Mechanism(Sensitivity.AverageNumerator(test.MaxGroups, test.MaxRows, lower, upper), parts: 2);
            var denominator = test.Mechanism(Sensitivity.Rows(test.MaxGroups, test.MaxRows), parts: 2);
            Accepts(repeat: 1).Should().BeTrue(test.Name);
            if (raw.Count == 0 && test.Epsilon >= SmallEpsilon)
            {
                rejected++;
                Accepts(repeat: test.Laplace ? 6 : 20).Should().BeFalse($"{test.Name}, a unit that is not bounded");
            }

            bool Accepts(int repeat) => Divergence.Accepts(
                Means(raw, "a"), Means([.. raw, .. Enumerable.Repeat(neighbour.Skip(raw.Count), repeat).SelectMany(entries => entries)], "b"), test.Epsilon, test.Delta);

            long[] Means(IReadOnlyList<Rational> entries, string side)
            {
                var offset = Sum(entries, step, lower, upper, doubledMiddle: lower + upper);
                var (overs, unders) = (pool.Draws(numerator, "n" + side), pool.Draws(denominator, "d" + side));
                var width = Math.Max(1, (long)(upper - lower) / 16);
                return [.. overs.Zip(unders, (over, under) => (long)(NoisyAverage.Of(offset + over, entries.Count + under, lower, upper) / width).Floor())];
            }
        }

        seen.Should().Be(47);
        rejected.Should().BeGreaterThan(5);
    }

    private static BigInteger Sum(IEnumerable<Rational> entries, Rational step, Int128 lower, Int128 upper, Int128? doubledMiddle = null) =>
        entries.Aggregate(BigInteger.Zero, (sum, entry) =>
        {
            var clamped = BigInteger.Clamp((entry / step).Floor(), lower, upper);
            return sum + (doubledMiddle is { } middle ? (2 * clamped) - middle : clamped);
        });
}
