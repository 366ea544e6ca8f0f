using System.Collections.Immutable;
using System.Numerics;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Privacy.Bounding;
using CleanRoom.Privacy.Mechanisms;
using CleanRoom.Privacy.Noise;
using CleanRoom.Privacy.Numerics;
using CleanRoom.Privacy.Selection;
using CleanRoom.Privacy.Tests.Support;

namespace CleanRoom.Privacy.Tests.Statistics;

/// <summary>Attacks from the literature against the noise as it is calibrated, each with a control that succeeds without the defence.</summary>
public class AttackTests
{
    private const int Samples = 25_000;

    private static readonly ImmutableArray<byte> _salt = [.. new byte[ContributionBounds.SaltLength]];

    // Data sets of a low-discrepancy sequence and every neighbour of each: no unit may change the answer's distribution beyond epsilon.
    [Fact]
    public void No_unit_of_any_data_set_shows_in_the_answer_and_unbounded_ones_do()
    {
        var units = Enumerable.Range(0, 5).Select(i => $"u{i}").ToList();
        var bounds = new ContributionBounds { MaxGroups = 1, MaxRowsPerUnit = 2, Salt = _salt };
        var loose = bounds with { MaxGroups = 2, MaxRowsPerUnit = 12 };
        var mechanism = new LaplaceMechanism(Sensitivity.Rows(1, 2), 1_000_000_000);
        var (pool, unboundedSeen) = (new NoisePool(Samples), 0);
        for (var set = 1; set <= 12; set++)
        {
            // Up to 12 rows a unit, over two groups.
            BoundedRow[] rows = [.. units.SelectMany((unit, i) => Enumerable.Range(0, (int)(13 * Halton(set, _primes[i]))).Select(row => new BoundedRow(unit, $"g{row % 2}", row)))];
            foreach (var unit in units)
            {
                BoundedRow[] neighbour = [.. rows.Where(row => row.Unit != unit)];
                Indistinguishable(Answer(rows, bounds), Answer(neighbour, bounds)).Should().BeTrue($"set {set}, {unit}");
                unboundedSeen += Indistinguishable(Answer(rows, loose), Answer(neighbour, loose)) ? 0 : 1;
            }
        }

        unboundedSeen.Should().BeGreaterThan(12, "a mechanism that does not bound is found out");

        static BigInteger Answer(BoundedRow[] rows, ContributionBounds bounds) => ContributionBounding.Rows(rows, bounds).GetValueOrDefault("g0");
        bool Indistinguishable(BigInteger a, BigInteger b) => Divergence.Accepts(
            NoisePool.Answers(pool.Draws(mechanism, "a"), a, 1), NoisePool.Answers(pool.Draws(mechanism, "b"), b, 1), 1, 0);
    }

    // Dinur, Nissim (2003): answers about random subsets rebuild a secret bit of every unit, when their error is below the root of n.
    [Fact]
    public void Reconstruction_from_the_whole_budget_stays_near_guessing_and_exact_answers_do_not()
    {
        const int Units = 200;
        const int Queries = 800;
        using var random = TestNoise.Stream("reconstruction");
        var secret = Bits(Units);
        var sets = Enumerable.Range(0, Queries).Select(_ => Bits(Units)).ToArray();
        var mechanism = new GaussianMechanism(Sensitivity.Units(1), Calibration.Share(ZcdpConversion.NanoRho(1, Rational.Of(1, 1_000_000)), Queries));

        Rebuilt(_ => 0).Should().BeGreaterThan(0.9, "without noise the secret is there");
        Rebuilt(_ => (double)mechanism.Draw(random)).Should().BeLessThan(0.65);

        // Each unit's bit correlates with how far the answers about sets that hold it lie above half their size.
        double Rebuilt(Func<int, double> noise)
        {
            var score = new double[Units];
            for (var query = 0; query < Queries; query++)
            {
                var excess = sets[query].Zip(secret, (held, bit) => held * (bit - 0.5)).Sum() + noise(query);
                for (var unit = 0; unit < Units; unit++)
                {
                    score[unit] += excess * (sets[query][unit] - 0.5);
                }
            }

            return score.Zip(secret, (value, bit) => (value > 0) == (bit == 1) ? 1.0 : 0).Average();
        }

        int[] Bits(int count) => [.. Enumerable.Range(0, count).Select(_ => (int)ExactSampling<ulong>.Below(2, random))];
    }

    // Noise that were a function of the set alone is averaged out or told apart by asking the same set in two ways.
    [Fact]
    public void Noise_of_one_set_differs_between_charges_aggregates_and_groups()
    {
        var mechanism = new GaussianMechanism(Sensitivity.Rows(1, 1_000_000), 1);
        using NoiseSeed first = new(new byte[NoiseSeed.Length]), second = new([.. Enumerable.Repeat((byte)1, NoiseSeed.Length)]);
        BigInteger[] noises =
        [
            Noise(first, "g", 0), Noise(second, "g", 0), Noise(first, "g", 1), Noise(first, "h", 0),
        ];
        noises.Should().OnlyHaveUniqueItems();
        Noise(first, "g", 0).Should().Be(noises[0], "the same output of the same charge has the same noise");

        BigInteger Noise(NoiseSeed seed, string group, ulong aggregate)
        {
            using var stream = seed.Stream(System.Text.Encoding.UTF8.GetBytes(group), aggregate);
            return mechanism.Draw(stream);
        }
    }

    // Whether a group appears is an answer too: with one unit more it may be e^epsilon as likely, and delta.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(20)]
    public void Appearing_differs_between_neighbours_by_no_more_than_the_budget(int units)
    {
        var delta = Rational.Of(1, 1000);
        var mechanism = new LaplaceMechanism(Sensitivity.Units(1), 1_000_000_000);
        var selection = new GroupSelection(mechanism, delta, minUnits: 3);
        var (a, b) = (TestNoise.Draws(4 * Samples, "appear a", mechanism.Draw), TestNoise.Draws(4 * Samples, "appear b", mechanism.Draw));

        Divergence.Accepts(Appearances(a, units), Appearances(b, units + 1), 1, delta.ToDouble()).Should().BeTrue();
        (units != 9 || !Divergence.Accepts(Appearances(a, units), Appearances(b, units + 5), 1, delta.ToDouble())).Should().BeTrue("five units more are seen");

        long[] Appearances(long[] noise, int count) => [.. noise.Select(z => selection.Appears(count, z) ? 1L : 0)];
    }

    private static readonly int[] _primes = [2, 3, 5, 7, 11];

    private static double Halton(int index, int radix)
    {
        var (result, fraction) = (0.0, 1.0);
        for (; index > 0; index /= radix)
        {
            fraction /= radix;
            result += fraction * (index % radix);
        }

        return result;
    }
}
