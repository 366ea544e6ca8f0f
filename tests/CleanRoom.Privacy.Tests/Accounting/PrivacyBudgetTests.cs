using CleanRoom.Privacy.Accounting;
using CleanRoom.Privacy.Mechanisms;
using CleanRoom.Privacy.Numerics;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CsCheck;

namespace CleanRoom.Privacy.Tests.Accounting;

public class PrivacyBudgetTests
{
    private readonly PrivacyBudget _budget = PrivacyBudget.From(Rules()).Value;

    [Fact]
    public void From_halves_delta_and_rounds_down()
    {
        _budget.ConversionDelta.Should().Be(Rational.Of(1, 2_000_000_000));
        _budget.Total.AttoDelta.Should().Be(500_000_000);
        _budget.Total.NanoRho.Should().Be(ZcdpConversion.NanoRho(4, Rational.Of(1, 2_000_000_000)));
        _budget.MaxNanoRhoPerQuery.Should().Be(ZcdpConversion.NanoRho(Rational.Of(1, 2), Rational.Of(1, 2_000_000_000)));
        _budget.MaxNanoRhoPerQuery.Should().BeInRange(1, _budget.Total.NanoRho / 8);
    }

    [Theory]
    [InlineData("4", "0", "0.5", "a delta above 0 and below 1, since costs are counted in rho", "0")]
    [InlineData("4", "1", "0.5", "a delta above 0 and below 1, since costs are counted in rho", "1")]
    [InlineData("0", "0.000000001", "0", "0 < maxEpsilonPerQuery <= epsilon <= 4096", "0, 0")]
    [InlineData("0", "0.000000001", "-1", "0 < maxEpsilonPerQuery <= epsilon <= 4096", "-1, 0")]
    [InlineData("-1", "0.000000001", "-2", "0 < maxEpsilonPerQuery <= epsilon <= 4096", "-2, -1")]
    [InlineData("4", "0.000000001", "5", "0 < maxEpsilonPerQuery <= epsilon <= 4096", "5, 4")]
    [InlineData("4", "0.000000001", "0", "0 < maxEpsilonPerQuery <= epsilon <= 4096", "0, 4")]
    [InlineData("5000", "0.000000001", "1", "0 < maxEpsilonPerQuery <= epsilon <= 4096", "1, 5000")]
    [InlineData(
        "0.000000001", "0.000000001", "0.000000001", "a maxEpsilonPerQuery and delta that allow a query a billionth of rho", "0.000000001, 0.000000001")]
    public void From_refuses_rules_that_no_rho_follows_from(string epsilon, string delta, string perQuery, string wanted, string got) =>
        PrivacyBudget.From(Rules(epsilon, delta, perQuery)).Refusals.Should().Equal(new Refusal(RefusalCode.ContractInvalid, wanted, got));

    [Theory]
    [InlineData("4096", "1")]
    [InlineData("4", "4")]
    [InlineData("0.5", "0.5")]
    public void From_takes_the_limits_themselves(string epsilon, string perQuery)
    {
        var budget = PrivacyBudget.From(Rules(epsilon, perQuery: perQuery)).Value;
        budget.Total.NanoRho.Should().BeGreaterThanOrEqualTo(budget.MaxNanoRhoPerQuery);
    }

    [Fact]
    public void Charge_admits_what_fits_and_names_all_that_does_not()
    {
        var (rho, delta) = (_budget.MaxNanoRhoPerQuery, _budget.Total.AttoDelta);
        _budget.Charge(PrivacyCost.None, new PrivacyCost(rho, delta)).Value.Should().Be(new PrivacyCost(rho, delta));
        _budget.Charge(PrivacyCost.None, new PrivacyCost(rho + 1, 0)).Refusals.Should().ContainSingle();
        _budget.Charge(new PrivacyCost(_budget.Total.NanoRho - 1, 0), new PrivacyCost(2, 0)).Refusals.Should().ContainSingle();
        _budget.Charge(new PrivacyCost(0, delta), new PrivacyCost(1, 1)).Refusals.Should().ContainSingle();
        _budget.Charge(_budget.Total, new PrivacyCost(rho + 1, 1)).Refusals.Should().HaveCount(3);
        _budget.Charge(PrivacyCost.None, PrivacyCost.None).IsAccepted.Should().BeFalse("noise is never free");
        _budget.Charge(PrivacyCost.None, new PrivacyCost(-1, 1)).IsAccepted.Should().BeFalse("no cost gives budget back");
        _budget.Charge(PrivacyCost.None, new PrivacyCost(1, -1)).IsAccepted.Should().BeFalse("no cost gives budget back");
        _budget.Charge(PrivacyCost.None, new PrivacyCost(0, 1)).Value.Should().Be(new PrivacyCost(0, 1), "partition selection alone costs delta alone");
        _budget.Charge(new PrivacyCost(_budget.Total.NanoRho - 2, 0), new PrivacyCost(2, 0)).Value.NanoRho.Should().Be(_budget.Total.NanoRho);
    }

    [Fact]
    public void Charge_says_what_was_wanted_and_what_was_got()
    {
        var (each, half) = (_budget.MaxNanoRhoPerQuery, _budget.Total with { NanoRho = _budget.Total.NanoRho - 3 });
        _budget.Charge(half, new PrivacyCost(each + 1, 7)).Refusals.Should().Equal(
            new Refusal(RefusalCode.BudgetExhausted, $"at most {each} nano-rho for a query", $"{each + 1}"),
            new Refusal(RefusalCode.BudgetExhausted, "at most the remaining 3 nano-rho", $"{each + 1}"),
            new Refusal(RefusalCode.BudgetExhausted, "at most the remaining 0 atto-delta", "7"));
        _budget.Charge(PrivacyCost.None, new PrivacyCost(-1, 0)).Refusals.Should().Equal(
            new Refusal(RefusalCode.BudgetExhausted, "a cost above 0", "-1 nano-rho, 0 atto-delta"));
    }

    [Fact]
    public void Remaining_counts_down_to_nothing()
    {
        _budget.Remaining(new PrivacyCost(1, 2)).Should().Be(new PrivacyCost(_budget.Total.NanoRho - 1, _budget.Total.AttoDelta - 2));
        _budget.Remaining(new PrivacyCost(_budget.Total.NanoRho + 1, _budget.Total.AttoDelta + 1)).Should().Be(PrivacyCost.None);
        FluentActions.Invoking(() => _budget.Remaining(new PrivacyCost(-1, 0))).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => _budget.Remaining(new PrivacyCost(0, -1))).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Charges_in_any_order_never_exceed_the_total() => Gen.Select(Gen.Long[0, 2_000_000], Gen.Long[0, 200_000_000]).Array[1, 200].Sample(costs =>
    {
        var spent = PrivacyCost.None;
        foreach (var (rho, delta) in costs)
        {
            spent = _budget.Charge(spent, new PrivacyCost(rho, delta)).TryGet(out var sum, out _) ? sum : spent;
        }

        spent.NanoRho.Should().BeLessThanOrEqualTo(_budget.Total.NanoRho);
        spent.AttoDelta.Should().BeLessThanOrEqualTo(_budget.Total.AttoDelta);
    });

    [Fact]
    public void Fits_counts_what_charging_admits()
    {
        var cost = new PrivacyCost(_budget.MaxNanoRhoPerQuery - 7, 1_000_003);
        var (spent, count) = (PrivacyCost.None, 0);
        while (_budget.Charge(spent, cost).TryGet(out var sum, out _))
        {
            (spent, count) = (sum, count + 1);
        }

        count.Should().BePositive();
        _budget.Fits(PrivacyCost.None, cost).Should().Be(count);
        _budget.Fits(spent, cost).Should().Be(0);
        _budget.Fits(PrivacyCost.None, new PrivacyCost(_budget.MaxNanoRhoPerQuery + 1, 0)).Should().Be(0);
        _budget.Fits(PrivacyCost.None, new PrivacyCost(_budget.MaxNanoRhoPerQuery, 0)).Should().BePositive();
        FluentActions.Invoking(() => _budget.Fits(PrivacyCost.None, new PrivacyCost(-1, 1))).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => _budget.Fits(PrivacyCost.None, new PrivacyCost(1, -1))).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => _budget.Fits(PrivacyCost.None, PrivacyCost.None)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Costs_of_a_query_are_added_up_and_delta_is_rounded_up()
    {
        NoiseMechanism[] mechanisms = [Costing(3), Costing(5)];
        PrivacyCost.Of(mechanisms, Rational.Zero).Should().Be(new PrivacyCost(8, 0));
        PrivacyCost.Of(mechanisms, Rational.Of(1, 1_000_000_000_000_000_000) * Rational.Of(3, 2)).Should().Be(new PrivacyCost(8, 2));
        PrivacyCost.Of([], Rational.One).Should().Be(new PrivacyCost(0, PrivacyCost.AttoOne));
        FluentActions.Invoking(() => PrivacyCost.Of([], Rational.Of(-1, 2))).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => PrivacyCost.Of([], Rational.Of(3, 2))).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => PrivacyCost.Of([Costing(long.MaxValue), Costing(1)], Rational.Zero)).Should().Throw<OverflowException>();
        FluentActions.Invoking(() => new PrivacyCost(long.MaxValue, 0) + new PrivacyCost(1, 0)).Should().Throw<OverflowException>();
    }

    [Fact]
    public void Preview_says_what_a_query_would_leave()
    {
        var cost = new PrivacyCost(2_000_000, 0);
        var preview = QueryPreview.Of(_budget, PrivacyCost.None, cost);

        preview.Should().Be(new QueryPreview(true, _budget.Fits(cost, cost), ZcdpConversion.Epsilon(2_000_000, _budget.ConversionDelta)));
        QueryPreview.Of(_budget, _budget.Total, cost).Should().BeEquivalentTo(new { Fits = false, FurtherQueries = 0L });
        QueryPreview.Of(_budget, PrivacyCost.None, new PrivacyCost(0, _budget.Total.AttoDelta + 1)).FurtherQueries.Should().Be(0);
        QueryPreview.Of(_budget, PrivacyCost.None, new PrivacyCost(0, -1) + new PrivacyCost(1, 1)).Fits.Should().BeTrue();
    }

    private static GaussianMechanism Costing(long nanoRho) => new(Sensitivity.Units(1), nanoRho);

    private static DpRules Rules(string epsilon = "4", string delta = "0.000000001", string perQuery = "0.5") => new()
    {
        Epsilon = Decimal(epsilon),
        Delta = Decimal(delta),
        MaxEpsilonPerQuery = Decimal(perQuery),
        MaxGroupsPerUnit = 1,
        Refresh = BudgetRefresh.None,
    };

    private static decimal Decimal(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
