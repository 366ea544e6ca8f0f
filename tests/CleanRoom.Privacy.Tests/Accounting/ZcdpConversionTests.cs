using CleanRoom.Privacy.Accounting;
using CleanRoom.Privacy.Numerics;
using CleanRoom.Privacy.Tests.Support;

namespace CleanRoom.Privacy.Tests.Accounting;

public class ZcdpConversionTests
{
    private static readonly Rational _billionth = Rational.Of(1, 1_000_000_000);

    [Fact]
    public void NanoRho_is_that_of_the_vectors()
    {
        foreach (var entry in SharedVectors.Committed("accounting.json", "budgets"))
        {
            ZcdpConversion.NanoRho(entry.Fraction("epsilon"), entry.Fraction("delta")).ToString().Should().Be(entry.Text("nanoRho"));
        }
    }

    [Fact]
    public void Epsilon_is_that_of_the_vectors()
    {
        foreach (var entry in SharedVectors.Committed("accounting.json", "epsilons"))
        {
            (ZcdpConversion.Epsilon((long)entry.Integer("nanoRho"), entry.Fraction("delta")) / _billionth).ToString().Should().Be(entry.Text("nanoEpsilon"));
        }
    }

    [Fact]
    public void Epsilon_is_never_below_the_reference_and_at_most_a_billionth_above()
    {
        foreach (var entry in SharedVectors.Entries("dp_reference_values.json", "zcdp_to_eps"))
        {
            var nanoRho = (long)(entry.Fraction("rho") / _billionth).Floor();
            var epsilon = ZcdpConversion.Epsilon(nanoRho, entry.Fraction("delta"));
            Within(epsilon, entry.Fraction("eps_optimal"));
            (epsilon < entry.Fraction("eps_standard_bs16")).Should().BeTrue("the standard bound is looser");
        }
    }

    [Fact]
    public void NanoRho_is_never_above_the_reference_and_at_most_a_billionth_below()
    {
        foreach (var entry in SharedVectors.Entries("dp_reference_values.json", "eps_to_rho"))
        {
            var nanoRho = ZcdpConversion.NanoRho(entry.Fraction("eps"), entry.Fraction("delta"));
            Within(entry.Fraction("rho"), nanoRho * _billionth);

            // sigma^2 = 1/(2 rho) at sensitivity 1.
            Math.Sqrt(1 / (2 * (nanoRho * _billionth).ToDouble())).Should().BeApproximately(entry.Double("sigma_sens1"), entry.Double("sigma_sens1") * 2e-6);
        }
    }

    [Fact]
    public void Published_conversions_of_rho_follow()
    {
        foreach (var entry in SharedVectors.Entries("published_vectors.json", "opendp_zcdp_to_approx"))
        {
            var nanoRho = (long)(entry.Fraction("rho") / _billionth).Floor();
            Within(ZcdpConversion.Epsilon(nanoRho, entry.Fraction("delta")), entry.Fraction("eps"));
            var delta = ZcdpConversion.Delta(nanoRho, entry.Fraction("eps"));
            delta.ToDouble().Should().BeApproximately(entry.Double("delta"), entry.Double("delta") * 1e-9);
            (delta >= entry.Fraction("delta") - Rational.Of(1, 1_000_000_000_000_000)).Should().BeTrue();
        }
    }

    [Theory]
    [InlineData("4", "0.000000001")]
    [InlineData("0.5", "0.000001")]
    [InlineData("0.01", "0.0000000005")]
    [InlineData("100", "0.000000001")]
    public void A_budget_turned_into_rho_and_back_is_not_exceeded(string epsilon, string delta)
    {
        var (budget, exact) = (Values.Exact(epsilon), Values.Exact(delta));
        var nanoRho = ZcdpConversion.NanoRho(budget, exact);

        ZcdpConversion.Epsilon(nanoRho, exact).Should().BeLessThanOrEqualTo(budget + _billionth);
        ZcdpConversion.Epsilon(nanoRho + 1, exact).Should().BeGreaterThan(budget);
        ZcdpConversion.Delta(nanoRho, budget).Should().BeLessThanOrEqualTo(exact);
    }

    [Fact]
    public void Nothing_spent_is_no_epsilon() => ZcdpConversion.Epsilon(0, _billionth).Should().Be(Rational.Zero);

    [Fact]
    public void A_budget_too_small_for_any_rho_is_0() => ZcdpConversion.NanoRho(Values.Exact("0.000000001"), _billionth).Should().Be(0);

    [Theory]
    [InlineData("0", "0.1")]
    [InlineData("-1", "0.1")]
    [InlineData("1", "0")]
    [InlineData("1", "1")]
    [InlineData("5000", "0.1")]
    public void Budgets_out_of_range_throw(string epsilon, string delta) =>
        FluentActions.Invoking(() => ZcdpConversion.NanoRho(Values.Exact(epsilon), Values.Exact(delta))).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void Delta_is_a_probability()
    {
        ZcdpConversion.Delta(0, 1).Should().Be(Rational.Zero);
        ZcdpConversion.Delta(1_000_000_000_000, Rational.Zero).Should().Be(Rational.One);
        ZcdpConversion.Delta(1_000_000_000, Rational.Zero).Should().BeLessThan(Rational.One);
    }

    [Fact]
    public void Costs_and_epsilons_below_0_throw()
    {
        FluentActions.Invoking(() => ZcdpConversion.Epsilon(-1, _billionth)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => ZcdpConversion.Delta(-1, 1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => ZcdpConversion.Delta(1, -1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => ZcdpConversion.Epsilon(0, Rational.One)).Should().Throw<ArgumentOutOfRangeException>("no delta is left unchecked");
    }

    // The reference values carry 16 digits, hence the last one's width.
    private static void Within(Rational upper, Rational lower)
    {
        var width = Rational.Of(1, 100_000_000_000_000);
        (upper >= lower - width).Should().BeTrue($"{upper.ToDouble()} is not below {lower.ToDouble()}");
        (upper - lower <= _billionth + width).Should().BeTrue($"{upper.ToDouble()} is close to {lower.ToDouble()}");
    }
}
