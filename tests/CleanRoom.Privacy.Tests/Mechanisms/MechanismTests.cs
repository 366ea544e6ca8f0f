using System.Numerics;
using CleanRoom.Privacy.Mechanisms;
using CleanRoom.Privacy.Numerics;
using CleanRoom.Privacy.Tests.Support;
using CsCheck;

namespace CleanRoom.Privacy.Tests.Mechanisms;

public class MechanismTests
{
    [Fact]
    public void Sensitivities_are_those_of_the_table()
    {
        Norms(Sensitivity.Units(3)).Should().Be((1, 3, 3));
        Norms(Sensitivity.Rows(3, 10)).Should().Be((10, 30, 300));
        Norms(Sensitivity.Sum(2, -7, 5)).Should().Be((7, 14, 98));
        Norms(Sensitivity.Sum(1, 3, 5)).Should().Be((5, 5, 25));
        Norms(Sensitivity.AverageNumerator(2, 4, 10, 15)).Should().Be((20, 40, 800));
        Norms(Sensitivity.Distinct(5, 2)).Should().Be((2, 10, 20));
        Norms(Sensitivity.Sum(1, 0, 0)).Should().Be((1, 1, 1), "no mechanism is without noise");
        Norms(Sensitivity.Sum(1, Int128.MinValue, Int128.MaxValue)).LInf.Should().Be(BigInteger.One << 127);
    }

    [Fact]
    public void Sensitivities_without_a_bound_throw()
    {
        FluentActions.Invoking(() => Sensitivity.Units(0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Sensitivity.Rows(1, 0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Sensitivity.Sum(1, 2, 1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Sensitivity.AverageNumerator(1, 0, 1, 2)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Sensitivity.AverageNumerator(1, 1, 2, 1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Sensitivity.Distinct(1, 0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Sensitivity.Distinct(1, -1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Gaussian_costs_exactly_its_share() => Gen.Select(Gen.Int[1, 1000], Gen.Int[1, 1_000_000], Gen.Long[1, 1L << 40]).Sample((groups, rows, nanoRho) =>
    {
        var mechanism = new GaussianMechanism(Sensitivity.Rows(groups, rows), nanoRho);
        (mechanism.Sensitivity.L2Squared / (mechanism.SigmaSquared * 2)).Should().Be(Rational.Of(nanoRho, 1_000_000_000));
        mechanism.NanoRho.Should().Be(nanoRho);
    });

    [Fact]
    public void Laplace_costs_at_most_its_share_and_a_larger_epsilon_costs_more() => Gen.Long[1, 1L << 50].Sample(nanoRho =>
    {
        var mechanism = LaplaceMechanism.Within(Sensitivity.Rows(2, 5), nanoRho);
        var epsilon = mechanism.Sensitivity.L1 / mechanism.Scale;
        epsilon.Should().Be(Rational.Of(mechanism.NanoEpsilon, 1_000_000_000));
        (epsilon * epsilon / 2 * 1_000_000_000 <= mechanism.NanoRho).Should().BeTrue("the cost is rounded up");
        mechanism.NanoRho.Should().BeLessThanOrEqualTo(nanoRho);
        var next = epsilon + Rational.Of(1, 1_000_000_000);
        (next * next / 2 * 1_000_000_000 > nanoRho).Should().BeTrue();
    });

    [Fact]
    public void Choice_is_the_smaller_error_and_laplace_where_equal()
    {
        Calibration.Choose(Sensitivity.Units(1), 1_000_000).Should().BeOfType<GaussianMechanism>();
        Calibration.Choose(Sensitivity.Units(50), 1_000_000_000).Should().BeOfType<GaussianMechanism>();
        Calibration.Choose(Sensitivity.Units(1), 8_000_000_000).Should().BeOfType<LaplaceMechanism>("both are exact at this share");
        Calibration.Share(10, 3).Should().Be(3);
        Calibration.Share(2, 3).Should().Be(0);
        Calibration.Share(0, 1).Should().Be(0);
        Calibration.Exceeded.Should().Be(Rational.Of(1, 20));
    }

    [Fact]
    public void Half_widths_are_those_of_the_vectors()
    {
        foreach (var entry in SharedVectors.Committed("accounting.json", "thresholds"))
        {
            VectorMechanism.Of(entry).HalfWidth(Calibration.Exceeded).Should().Be(entry.Integer("halfWidth95"));
        }
    }

    [Fact]
    public void Published_tails_of_discrete_laplace_noise_follow()
    {
        foreach (var entry in SharedVectors.Entries("published_vectors.json", "opendp_laplace_threshold_map_scale1_T10"))
        {
            // A group of lInf appears when lInf + Z > 10; scale 1 is an epsilon of lInf.
            var mechanism = new LaplaceMechanism(Sensitivity.Rows(entry.Int("l0"), entry.Int("linf")), 1_000_000_000L * entry.Int("linf"));
            (mechanism.Sensitivity.L1 / mechanism.Scale).Should().Be(entry.Fraction("eps"));
            mechanism.TailAbove(10 - entry.Int("linf")).ToDouble().Should().BeApproximately(entry.Double("delta"), entry.Double("delta") * 1e-11);
        }
    }

    // 95 % of the draws are within the quoted error, and not of noise that is 1.2 times too wide for it.
    [Fact]
    public void Draws_exceed_the_half_width_as_rarely_as_it_says()
    {
        const int Samples = 100_000;
        NoiseMechanism[] mechanisms = [new GaussianMechanism(Sensitivity.Rows(1, 30), 24_355_970), new LaplaceMechanism(Sensitivity.Rows(1, 30), 500_000_000)];
        foreach (var mechanism in mechanisms)
        {
            var (width, draws) = ((double)mechanism.HalfWidth(Calibration.Exceeded), TestNoise.Draws(Samples, "half", mechanism.Draw));
            var exceeded = draws.Count(z => Math.Abs(z) > width) / (double)Samples;
            exceeded.Should().BeInRange(0.045, 0.053);
            draws.Count(z => Math.Abs(z) > width / 1.2).Should().BeGreaterThan((int)(0.07 * Samples));
        }
    }

    [Fact]
    public void Average_is_the_ratio_clamped()
    {
        NoisyAverage.Of(30, 5, 10, 20).Should().Be((Rational)18);
        NoisyAverage.Of(-1, 0, 10, 15).Should().Be((Rational)12, "a denominator of 0 or below counts as 1");
        NoisyAverage.Of(-1000, -7, 10, 15).Should().Be((Rational)10);
        NoisyAverage.Of(1000, 7, 10, 15).Should().Be((Rational)15);
        NoisyAverage.Of(3, 2, 10, 15).Should().Be(Rational.Of(53, 4), "12.5 + 3/4");
        NoisyAverage.Of(7, 1, 10, 10).Should().Be((Rational)10);
        FluentActions.Invoking(() => NoisyAverage.Of(1, 1, 2, 1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Shares_and_probabilities_out_of_range_throw()
    {
        FluentActions.Invoking(() => new GaussianMechanism(Sensitivity.Units(1), 0)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("nanoRho");
        FluentActions.Invoking(() => new LaplaceMechanism(Sensitivity.Units(1), 0)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("nanoEpsilon");
        FluentActions.Invoking(() => LaplaceMechanism.Within(Sensitivity.Units(1), 0)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("nanoRho");
        FluentActions.Invoking(() => Calibration.Share(-1, 1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Calibration.Share(1, 0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new GaussianMechanism(Sensitivity.Units(1), 1).HalfWidth(Rational.Of(1, BigInteger.One << 1025)))
            .Should().Throw<ArgumentOutOfRangeException>();
        new GaussianMechanism(Sensitivity.Units(1), 1_000_000_000).HalfWidth(Rational.Of(1, BigInteger.One << 1024)).Should().Be((BigInteger)27, "the limit itself is taken, 37.6 sigma away");
        FluentActions.Invoking(() => new LaplaceMechanism(Sensitivity.Units(1), long.MaxValue)).Should().Throw<OverflowException>();
        FluentActions.Invoking(() => new GaussianMechanism(Sensitivity.Units(1), 1).HalfWidth(1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new GaussianMechanism(Sensitivity.Units(1), 1).HalfWidth(0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static (BigInteger LInf, BigInteger L1, BigInteger L2Squared) Norms(Sensitivity sensitivity) =>
        (sensitivity.LInf, sensitivity.L1, sensitivity.L2Squared);
}

/// <summary>The mechanisms that <c>contracts/vectors/privacy/accounting.json</c> names.</summary>
internal static class VectorMechanism
{
    public static NoiseMechanism Of(System.Text.Json.JsonElement entry)
    {
        var (units, nanoRho) = (Sensitivity.Units(entry.Int("maxGroups")), (long)entry.Integer("nanoRho"));
        return entry.Text("mechanism") == "gaussian" ? new GaussianMechanism(units, nanoRho) : LaplaceMechanism.Within(units, nanoRho);
    }
}
