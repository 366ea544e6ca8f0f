using System.Collections.Immutable;
using System.Numerics;
using CleanRoom.Privacy.Mechanisms;
using CleanRoom.Privacy.Numerics;
using CleanRoom.Privacy.Selection;
using CleanRoom.Privacy.Tests.Mechanisms;
using CleanRoom.Privacy.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Privacy.Tests.Selection;

public class SelectionTests
{
    private static readonly Rational _millionth = Rational.Of(1, 1_000_000);

    [Fact]
    public void Thresholds_are_those_of_the_vectors()
    {
        foreach (var entry in SharedVectors.Committed("accounting.json", "thresholds"))
        {
            new GroupSelection(VectorMechanism.Of(entry), entry.Fraction("delta"), 1).Threshold.Should().Be(entry.Integer("threshold"));
        }
    }

    [Fact]
    public void Published_thresholds_follow()
    {
        foreach (var entry in SharedVectors.Entries("dp_reference_values.json", "tau"))
        {
            // Epsilon is rounded down to a billionth: a scale not below the vector's.
            var nanoEpsilon = (long)(entry.Fraction("eps") * 1_000_000_000).Floor();
            var units = new LaplaceMechanism(Sensitivity.Units(entry.Int("l0")), nanoEpsilon);
            var threshold = new GroupSelection(units, entry.Fraction("delta"), 1).Threshold;
            threshold.Should().Be(entry.Int("tau_discrete_strict"));
            ((double)threshold).Should().BeInRange(entry.Double("tau_google_continuous") - 1, entry.Double("tau_google_continuous") + 1);
        }
    }

    // The exact probability that a group of one unit appears, over all groups of the unit, is within delta; one lower it would not be.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(40)]
    public void Threshold_keeps_delta_and_one_lower_does_not(int groups)
    {
        const double Delta = 1e-3;
        var gaussian = new GaussianMechanism(Sensitivity.Units(groups), 24_355_970);
        var laplace = new LaplaceMechanism(Sensitivity.Units(groups), 1_000_000_000);
        var (gaussianTau, laplaceTau) = (Threshold(gaussian), Threshold(laplace));
        var pmf = ExactPmf.GaussianAround(2000, gaussian.SigmaSquared.ToDouble());

        Appears(tau => pmf.Skip(2000 + tau).Sum(), gaussianTau).Should().BeLessThanOrEqualTo(Delta);
        Appears(tau => pmf.Skip(2000 + tau).Sum(), gaussianTau - 2).Should().BeGreaterThan(Delta, "the bound on the discrete tail costs at most one");
        Appears(Laplace, laplaceTau).Should().BeLessThanOrEqualTo(Delta);
        Appears(Laplace, laplaceTau - 1).Should().BeGreaterThan(Delta);

        double Laplace(int tau) => Math.Exp(-(tau - 1) / (double)groups) / (Math.Exp(1.0 / groups) + 1);
        double Appears(Func<int, double> one, int tau) => 1 - Math.Pow(1 - one(tau), groups);
        int Threshold(NoiseMechanism units) => (int)new GroupSelection(units, Rational.Of(1, 1000), 1).Threshold;
    }

    [Fact]
    public void Appears_is_strict_and_keeps_the_floor()
    {
        var open = new GroupSelection(new LaplaceMechanism(Sensitivity.Units(1), 1_000_000_000), _millionth, 1);
        open.Threshold.Should().Be(14);
        open.Appears(14, 0).Should().BeFalse();
        open.Appears(15, 0).Should().BeTrue();
        open.Appears(1, 14).Should().BeTrue();
        open.Appears(0, 1000).Should().BeFalse("a group that nobody is in does not exist");

        var floored = new GroupSelection(new LaplaceMechanism(Sensitivity.Units(1), 1_000_000_000), _millionth, 10);
        floored.Threshold.Should().Be(14);
        floored.Appears(9, 1000).Should().BeFalse("fewer than the floor never appear");
        floored.Appears(10, 13).Should().BeFalse();
        floored.Appears(10, 14).Should().BeTrue();
        floored.Appears(23, 0).Should().BeFalse();
        floored.Appears(24, 0).Should().BeTrue();
    }

    [Fact]
    public void Selection_needs_a_mechanism_for_units() =>
        FluentActions.Invoking(() => new GroupSelection(new LaplaceMechanism(Sensitivity.Rows(1, 2), 1), _millionth, 1))
            .Should().Throw<ArgumentException>().WithMessage("wanted a mechanism for units, of sensitivity 1; got 2*");

    [Theory]
    [InlineData("0", 1)]
    [InlineData("1", 1)]
    [InlineData("0.5", 0)]
    [InlineData("0.5", -1)]
    public void Selection_needs_a_delta_and_a_floor(string delta, int minUnits)
    {
        FluentActions.Invoking(() => new GroupSelection(new LaplaceMechanism(Sensitivity.Units(1), 1), Values.Exact(delta), minUnits))
            .Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new TruncatedGeometricSelection(1, Values.Exact(delta), 1, minUnits)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Published_probabilities_of_the_optimal_selection_follow()
    {
        foreach (var entry in SharedVectors.Entries("published_vectors.json", "keep_partition_probability"))
        {
            var selection = new TruncatedGeometricSelection(entry.Fraction("eps"), entry.Fraction("delta"), entry.Int("l0"), 1);
            foreach (var want in entry.GetProperty("want").EnumerateObject())
            {
                var got = selection.Probability(int.Parse(want.Name, System.Globalization.CultureInfo.InvariantCulture)).ToDouble();
                got.Should().BeApproximately(want.Value.GetDouble(), want.Value.GetDouble() * 1e-6, $"n = {want.Name}");
            }
        }
    }

    [Theory]
    [InlineData("0.25", "0.000001", 1)]
    [InlineData("1", "0.0000000001", 3)]
    public void Optimal_selection_keeps_both_constraints_exactly(string epsilon, string delta, int groups)
    {
        var selection = new TruncatedGeometricSelection(Values.Exact(epsilon), Values.Exact(delta), groups, 1);
        var (growth, step) = (Exponential.Of(Values.Exact(epsilon) / groups).Lower, Values.Exact(delta) / groups);
        BigInteger n = 0;
        for (; selection.Probability(n) < Rational.One; n++)
        {
            var (here, next) = (selection.Probability(n), selection.Probability(n + 1));
            (next >= here).Should().BeTrue();
            (next <= (growth * here) + step).Should().BeTrue();
            (Rational.One - here <= (growth * (Rational.One - next)) + step).Should().BeTrue();
        }

        n.Should().BeGreaterThan(10);
    }

    [Fact]
    public void Optimal_selection_appears_with_its_probability_and_never_below_the_floor()
    {
        const int Samples = 50_000;
        var selection = new TruncatedGeometricSelection(Rational.One, Rational.Of(1, 100), 1, minUnits: 5);
        foreach (var units in (int[])[4, 6, 8, 9, 20])
        {
            var rate = TestNoise.Draws(Samples, $"keep{units}", random => selection.Appears(units, random) ? 1 : 0).Average();
            var truth = selection.Probability(units).ToDouble();
            Wilson.Contains(rate, Samples, truth).Should().BeTrue();
            Wilson.Contains(rate, Samples, truth > 0.5 ? truth - 0.05 : truth + 0.05).Should().BeFalse();
            (units >= 5 || rate == 0).Should().BeTrue();
        }

        selection.Probability(0).Should().Be(Rational.Zero);
        selection.Probability(-3).Should().Be(Rational.Zero);
        selection.Cost.NanoRho.Should().Be(500_000_000);
        new TruncatedGeometricSelection(2, _millionth, 1, 1).Cost.NanoRho.Should().Be(2_000_000_000);
        selection.Cost.AttoDelta.Should().Be(10_000_000_000_000_000);
        FluentActions.Invoking(() => new TruncatedGeometricSelection(1, _millionth, 0, 1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new TruncatedGeometricSelection(1, _millionth, 4, 1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new TruncatedGeometricSelection(Values.Exact("0.0009"), _millionth, 1, 1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Public_groups_are_every_combination_in_order()
    {
        Combine(100, ["a", "b"], ["1", "2", "3"]).Value.Select(group => string.Concat(group)).Should().Equal("a1", "a2", "a3", "b1", "b2", "b3");
        Combine(1).Value.Should().ContainSingle().Which.Should().BeEmpty("a query without group columns has one row");
    }

    [Fact]
    public void Public_groups_refuse_too_many_combinations_before_they_are_made()
    {
        var wide = Enumerable.Range(0, 60_000).Select(i => $"{i}").ToArray();
        Combine(6, ["a", "b"], ["1", "2", "3"]).IsAccepted.Should().BeTrue();
        Combine(5, ["a", "b"], ["1", "2", "3"]).Refusals.Should().Equal(
            new Refusal(RefusalCode.QueryRefused, "at most 5 combinations of group values", "more"));
        Combine(int.MaxValue, wide, wide, wide, wide, wide).IsAccepted.Should().BeFalse("the product of lengths does not overflow");
        Combine(5, ["a", "a"]).IsAccepted.Should().BeFalse("a value twice would be noised twice");
        Combine(5, ["a"], []).Refusals.Should().Equal(
            new Refusal(RefusalCode.QueryRefused, "group columns with declared values, each once", "a column with none, or with one twice"));
        FluentActions.Invoking(() => Combine(0, ["a"])).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => PublicGroups.Combine([default], 5)).Should().NotThrow("an array that was never made has no values").Subject.IsAccepted.Should().BeFalse();
    }

    private static Result<ImmutableArray<ImmutableArray<string>>> Combine(int max, params string[][] domains) =>
        PublicGroups.Combine([.. domains.Select(domain => domain.ToImmutableArray())], max);
}
