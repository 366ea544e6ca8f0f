using CleanRoom.Privacy.Accounting;
using CleanRoom.Privacy.Numerics;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CsCheck;

namespace CleanRoom.Privacy.Tests.Accounting;

public class PrivacyBudgetTests
{
    private static readonly PrivacyBudget _budget = PrivacyBudget.From(Rules()).Value;

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
    [InlineData("4", "0", "0.5")]
    [InlineData("4", "1", "0.5")]
    [InlineData("0", "0.000000001", "0")]
    [InlineData("4", "0.000000001", "5")]
    [InlineData("4", "0.000000001", "0")]
    [InlineData("5000", "0.000000001", "1")]
    [InlineData("0.000000001", "0.000000001", "0.000000001")]
    public void From_refuses_rules_that_no_rho_follows_from(string epsilon, string delta, string perQuery) =>
        PrivacyBudget.From(Rules(epsilon, delta, perQuery)).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.ContractInvalid);

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
    }

    [Fact]
    public void Costs_are_added_up_and_delta_is_rounded_up()
    {
        var cost = new PrivacyCost(2_000_000, 0);
        var preview = QueryPreview.Of(_budget, PrivacyCost.None, cost);

        preview.Should().Be(new QueryPreview(true, _budget.Fits(cost, cost), ZcdpConversion.Epsilon(2_000_000, _budget.ConversionDelta)));
        QueryPreview.Of(_budget, _budget.Total, cost).Should().BeEquivalentTo(new { Fits = false, FurtherQueries = 0L });
    }

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
