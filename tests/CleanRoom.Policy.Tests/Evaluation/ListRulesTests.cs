using System.Diagnostics;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Evaluation;

/// <summary>Which datasets a list may be of, who may have it, and what its plan and verdict say.</summary>
public sealed class ListRulesTests(BinderFixture fixture)
{
    private const string Join = "FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id";

    [Fact]
    public async Task Plan_ofAList_listsColumnsAndOffersNothing()
    {
        var plan = await fixture.Binder.PlanAsync(Examples.Lists, $"SELECT s.label, c.age AS years {Join} ORDER BY years DESC, 1 LIMIT 7");

        plan.Tier.Should().Be(PolicyTier.List);
        (plan.Noise, plan.History, plan.DominancePercent, plan.Limit).Should().Be((null, null, null, 7L));
        plan.Tables.Select(table => table.MinUnits).Should().Equal(50, 0);
        plan.Outputs.Select(output => (output.Name, ((OutputExpression.Listed)output.Expression).Column.Name)).Should().Equal(("label", "label"), ("years", "age"));
        plan.Order.Should().Equal(new OutputOrder(1, Descending: true, NullsFirst: false), new OutputOrder(0, Descending: false, NullsFirst: false));
        PlanInvariants.Check(Examples.Lists, plan, "agency");
    }

    [Fact]
    public async Task Verdict_ofAList_namesColumnsCostsAndTier()
    {
        var verdict = (await fixture.Binder.AnalyseAsync(Examples.Lists, Ask.Request($"SELECT s.label, c.age {Join} WHERE c.region = 'north'"))).Verdict;

        verdict.Lineage.Select(edge => $"{edge.Dataset}.{edge.Column} {edge.Operation} {edge.Output}".TrimEnd()).Should().Equal(
            "agency.seeds.label list label",
            "agency.seeds.user_id join",
            "brand.customers.age list age",
            "brand.customers.region filter",
            "brand.customers.user_id join");
        verdict.Budget.Select(cost => (cost.Dataset, cost.Queries, cost.NanoRho, cost.AttoDelta)).Should().Equal(("brand.customers", 1, 0L, 0L));
        verdict.Inputs.Select(input => (input.Dataset, input.Tier, input.MinUnits, input.Cells)).Should().Equal(
            ("agency.seeds", PolicyTier.Threshold, 0, 0), ("brand.customers", PolicyTier.List, 50, 0));
        verdict.Noise.Should().BeEmpty();
    }

    [Fact]
    public async Task Threshold_theStrictestOwnersHoldsForAll()
    {
        var contract = Examples.ListsWith(json => json.Policy(2)["threshold"]!.Set("minUnits", "75"));
        var plan = await fixture.Binder.PlanAsync(contract, $"SELECT c.age, i.campaign {Join} JOIN pub.impressions i ON i.user_id = s.user_id");

        plan.Tables.Select(table => table.MinUnits).Should().Equal(75, 0, 75);
    }

    [Theory]
    [InlineData("agency", "agency")]
    [InlineData("agency", "brand", VerdictCodes.TierMix, VerdictCodes.Receiver)]
    [InlineData("agency", "pub", VerdictCodes.TierMix, VerdictCodes.Receiver, VerdictCodes.Receiver)]
    [InlineData("pub", "pub", VerdictCodes.Analyst, VerdictCodes.Analyst, VerdictCodes.JoinRequired, VerdictCodes.Receiver, VerdictCodes.Receiver, VerdictCodes.TierMix)]
    public async Task Receivers_areThoseThatEveryOwnerNames(string analyst, string receiver, params string[] codes) =>
        (await fixture.Binder.CodesAsync(Examples.Lists, $"SELECT c.age {Join}", analyst, receiver))
            .Where(code => !code.StartsWith(VerdictCodes.Context, StringComparison.Ordinal)).Should().BeEquivalentTo(codes.Distinct());

    [Fact]
    public async Task OwnDataset_withASecondReceiver_hasItsOwnersRules()
    {
        // The agency's seeds would reach the brand: they are of the tier threshold, and not to be listed.
        var open = Examples.ListsWith(json =>
        {
            json.Policy(3).Set("receivers", "[\"agency\", \"brand\"]");
            json.Policy(3)["tier"] = "list";
            json.Column(3, "user_id").Set("uses", "[\"join\", \"list\"]");
            json.Column(3, "email_sha256").Set("uses", "[\"join\"]");
        });
        (await fixture.Binder.CodesAsync(Examples.Lists, $"SELECT s.user_id {Join}", "agency", "agency", "brand")).Should().Contain([VerdictCodes.TierMix, VerdictCodes.Receiver]);
        (await fixture.Binder.CodesAsync(open, $"SELECT s.user_id {Join}", "agency", "agency", "brand")).Should().BeEmpty();
        (await fixture.Binder.CodesAsync(open, $"SELECT s.label {Join}", "agency", "agency", "brand")).Should().Equal("CONTEXT:label:LIST");
        var plan = (await fixture.Binder.AnalyseAsync(open, Ask.Request($"SELECT c.age {Join}", "agency", "agency", "brand"))).Plan!;
        plan.Tables.Select(table => table.MinUnits).Should().Equal([50, 50], "both sides' people are counted");
    }

    [Fact]
    public async Task OwnListedDataset_isItsOwnersToCount()
    {
        const string sql = "SELECT c.segment, count(DISTINCT o.user_id) FROM brand.customers c JOIN brand.orders o ON c.user_id = o.user_id GROUP BY c.segment";

        (await fixture.Binder.PlanAsync(Examples.Lists, sql, "brand")).Tier.Should().Be(PolicyTier.Threshold);
        (await fixture.Binder.CodesAsync(Examples.Lists, sql)).Should().Contain([VerdictCodes.TierMix, VerdictCodes.AggFn, "CONTEXT:segment:GROUP"]);
    }

    [Fact]
    public async Task Change_thatWouldPass_isNamed()
    {
        var verdict = (await fixture.Binder.AnalyseAsync(Examples.Lists, Ask.Request($"SELECT c.region {Join}"))).Verdict;

        verdict.Owners.Single(owner => owner.Party == "brand").Changes.Select(change => (change.Code, change.By, change.Pointer, change.Value)).Should().Equal(
            ("CONTEXT:region:LIST", "agency", null, null),
            ("CONTEXT:region:LIST", "brand", "/datasets/0/policy/columns/region/uses", "[\"filter\",\"list\"]"));
        verdict.Owners.Single(owner => owner.Party == "brand").Reasons.Should().Equal("brand.customers.region may not be listed");
        (await fixture.Binder.AnalyseAsync(Examples.Lists, Ask.Request("SELECT c.age FROM brand.customers c"))).Verdict
            .Owners.Single(owner => owner.Party == "brand").SmallestChange.Should().Be("join brand.customers on user_id with a dataset of agency");
    }

    [Fact]
    public async Task ThresholdGate_doesNotTakeAListsPlan()
    {
        var plan = await fixture.Binder.PlanAsync(Examples.Lists, $"SELECT c.age {Join}");
        var apply = () => ThresholdGate.Apply(plan, [SamplePlans.Row(30, "u1", 50)]);

        apply.Should().Throw<UnreachableException>();
    }
}
