using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Evaluation;

/// <summary>Rules of owners on who asks, who receives, what meets and how far rows multiply.</summary>
public sealed class DatasetRulesTests(BinderFixture fixture)
{
    private const string Customers = "SELECT region, count(*) FROM brand.customers GROUP BY region";
    private const string Reach = "SELECT c.region, count(*) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id GROUP BY c.region";
    private const string Seeds = "SELECT count(*) FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id";

    [Fact]
    public async Task Analyst_thatNoOwnerNames_isRefused()
    {
        (await fixture.Binder.CodesAsync(Examples.Media, Customers, "pub", "agency")).Should().Equal(VerdictCodes.Analyst);
        (await fixture.Binder.CodesAsync(Examples.Media, Customers, "nobody", "agency")).Should().Equal(VerdictCodes.Analyst);
    }

    [Fact]
    public async Task Receiver_thatAnOwnerDoesNotName_isRefused()
    {
        (await fixture.Binder.CodesAsync(Examples.Media, Customers, "agency", "pub")).Should().Equal(VerdictCodes.Receiver);
        (await fixture.Binder.CodesAsync(Examples.Media, Reach, "agency", "agency", "brand")).Should().Equal(VerdictCodes.Receiver);
        (await fixture.Binder.CodesAsync(Examples.Media, Customers, "agency", "nobody")).Should().Contain(VerdictCodes.Receiver);
        (await fixture.Binder.CodesAsync(Examples.Media, Customers, "agency", "agency", "agency")).Should().Equal(VerdictCodes.Receiver);
        (await fixture.Binder.CodesAsync(Examples.Media, Customers, "agency", "agency", "brand")).Should().BeEmpty();
    }

    [Fact]
    public async Task Receivers_none_isRefused()
    {
        var request = Ask.Request(Customers) with { Receivers = [] };
        (await fixture.Binder.AnalyseAsync(Examples.Media, request)).Verdict.Codes.Should().Equal(VerdictCodes.Receiver);
        (await fixture.Binder.AnalyseAsync(Examples.Media, request with { Receivers = default })).Verdict.Codes.Should().Equal(VerdictCodes.Receiver);
    }

    [Fact]
    public async Task Join_withAnOwnerThatIsNotNamed_isRefused()
    {
        var contract = Examples.MediaWith(json => json.Policy(0)["join"]!.Set("with", "[\"pub\"]"));

        (await fixture.Binder.CodesAsync(contract, Seeds)).Should().Equal(VerdictCodes.Join);
        (await fixture.Binder.CodesAsync(contract, Reach)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("[\"pub\"]", Customers, false)]
    [InlineData("[\"pub\"]", Reach, true)]
    [InlineData("[\"analyst\"]", Reach, false)]
    [InlineData("[\"analyst\"]", Seeds, true)]
    [InlineData("[\"analyst\", \"pub\"]", Seeds, false)]
    public async Task Join_thatIsRequired_isWanted(string required, string sql, bool isThere)
    {
        var contract = Examples.MediaWith(json => json.Policy(0)["join"]!.Set("required", required));

        (await fixture.Binder.CodesAsync(contract, sql)).Should().Equal(isThere ? [] : [VerdictCodes.JoinRequired]);
    }

    [Fact]
    public async Task Fanout_beyondTheOwnersLimit_isRefused()
    {
        var contract = Examples.MediaWith(json => json.Policy(0)["join"]!.Set("maxFanout", "499"));

        (await fixture.Binder.CodesAsync(contract, Reach)).Should().Equal(VerdictCodes.Fanout);
        (await fixture.Binder.CodesAsync(contract, Customers)).Should().BeEmpty();
        (await fixture.Binder.CodesAsync(contract, Seeds)).Should().BeEmpty();
    }

    // A customer has one row by user_id, which is unique, and up to five by email, which is not; an impression is one of 500 either way.
    [Theory]
    [InlineData("c.user_id = i.user_id", 500, true)]
    [InlineData("c.user_id = i.user_id", 499, false)]
    [InlineData("c.email_sha256 = i.email_sha256", 2_500, true)]
    [InlineData("c.email_sha256 = i.email_sha256", 2_499, false)]
    [InlineData("c.email_sha256 = i.email_sha256 AND c.user_id = i.user_id", 500, true)]
    public async Task Fanout_isTheProductOverTheTables_whereAUniqueColumnCountsOnce(string on, int limit, bool isAllowed)
    {
        var contract = Examples.MediaWith(json =>
        {
            json.Policy(0)["join"]!.Set("maxRowsPerUnit", "5");
            json.Policy(0)["join"]!.Set("maxFanout", $"{limit}");
        });

        var verdict = (await fixture.Binder.AnalyseAsync(contract, Ask.Request($"SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON {on}"))).Verdict;

        verdict.Codes.Should().Equal(isAllowed ? [] : [VerdictCodes.Fanout]);
        string.Concat(verdict.Owners[0].Reasons).Contains($"{limit + 1}", StringComparison.Ordinal).Should().Be(!isAllowed);
    }

    [Fact]
    public async Task Tier_list_neverMixes()
    {
        var codes = await fixture.Binder.CodesAsync(
            Examples.MediaOfTiers, "SELECT count(*) FROM agency.seeds s JOIN pub.impressions i ON s.user_id = i.user_id", "brand");
        codes.Should().Contain(VerdictCodes.TierMix);
    }

    [Fact]
    public async Task Threshold_theStrictestOwnersHoldsForAll()
    {
        var contract = Examples.MediaWith(json => json.Policy(2)["threshold"]!.Set("minUnits", "75"));

        (await fixture.Binder.PlanAsync(contract, Reach)).Tables.Select(table => table.MinUnits).Should().Equal(75, 75);
        (await fixture.Binder.PlanAsync(contract, Customers)).Tables.Select(table => table.MinUnits).Should().Equal(50);
    }

    [Fact]
    public async Task Threshold_belowTheFloor_isRaisedOutsideInsecureContracts()
    {
        var contract = Examples.MediaWith(json => json.Policy(0)["threshold"]!.Set("minUnits", "2"));

        (await fixture.Binder.PlanAsync(contract, Customers)).MinUnits.Should().Be(2);
        (await fixture.Binder.PlanAsync(contract with { AllowInsecure = false }, Customers)).MinUnits.Should().Be(10);
    }

    [Fact]
    public async Task Dominance_theStrictestOwnersHolds()
    {
        var contract = Examples.MediaWith(json =>
        {
            json.Policy(0)["threshold"]!.Set("dominancePercent", "10");
            json.Policy(2)["threshold"]!.Set("dominancePercent", "30");
            json.Policy(3)["threshold"]!.Set("dominancePercent", "90");
        });

        (await fixture.Binder.PlanAsync(contract, Reach)).DominancePercent.Should().Be(30);
        (await fixture.Binder.PlanAsync(contract, Seeds)).DominancePercent.Should().Be(10);
    }

    [Fact]
    public async Task OwnDataset_isFreeOnlyWhenItsOwnerAsksForItselfAlone()
    {
        const string sql = "SELECT s.label, count(DISTINCT c.user_id) FROM agency.seeds s JOIN brand.customers c USING (user_id) GROUP BY s.label";

        (await fixture.Binder.PlanAsync(Examples.Media, sql)).Tables.Select(table => table.MinUnits).Should().Equal(0, 50);
        (await fixture.Binder.CodesAsync(Examples.Media, sql, "agency", "agency", "brand"))
            .Should().Equal("CONTEXT:label:GROUP", VerdictCodes.Receiver);
    }

    [Fact]
    public async Task OwnRows_alone_areNotProtectedFromTheirOwner()
    {
        var plan = await fixture.Binder.PlanAsync(Examples.Media, "SELECT label, user_id, count(*) FROM agency.seeds GROUP BY ALL");

        plan.MinUnits.Should().Be(0);
    }

    [Theory]
    [InlineData("sum(s.label)")]
    [InlineData("avg(s.label)")]
    public async Task OwnMeasure_overOthersPeople_needsTheContractsGrant(string aggregate)
    {
        // Weights of the asking party's choice would write each match into digits of their sum.
        const string grant = """{"type":"int64","uses":["sum","avg"],"clamp":{"min":"0","max":"100"},"scale":0}""";
        var without = Examples.MediaWith(json => json.Policy(3)["columns"]!.Set("label", """{"type":"int64","uses":[]}"""));
        var with = Examples.MediaWith(json => json.Policy(3)["columns"]!.Set("label", grant));
        var joined = $"SELECT {aggregate} FROM agency.seeds s JOIN brand.customers c USING (user_id)";

        (await fixture.Binder.CodesAsync(without, joined)).Should().Equal("CONTEXT:label:AGG");
        (await fixture.Binder.CodesAsync(with, joined)).Should().BeEmpty();
        (await fixture.Binder.CodesAsync(without, $"SELECT {aggregate} FROM agency.seeds s")).Should().BeEmpty();
        (await fixture.Binder.CodesAsync(without, joined.Replace(aggregate, "count(DISTINCT s.label)", StringComparison.Ordinal))).Should().BeEmpty();
    }

    [Fact]
    public async Task Approvals_followTheContract()
    {
        var each = Examples.MediaWith(json => json.Policy(0)["approval"] = "each");
        var verdict = (await fixture.Binder.AnalyseAsync(each, Ask.Request(Reach))).Verdict;

        verdict.Decision.Should().Be(VerdictDecision.NeedsApproval);
        verdict.Approvers.Should().Equal("brand");
        verdict.Owners.Select(owner => (owner.Party, owner.Decision)).Should()
            .Equal(("brand", VerdictDecision.NeedsApproval), ("pub", VerdictDecision.Allow));
        (await fixture.Binder.AnalyseAsync(each, Ask.Request(Customers, "brand"))).Verdict.Approvers.Should().Equal(
            ["brand"], "an owner that wants every query approved wants its own analysts' too: the ledger's fold counts the same");

        var template = Examples.MediaWith(json => json.Policy(0)["approval"] = "template");
        (await fixture.Binder.AnalyseAsync(template, Ask.Request(Customers))).Verdict.Approvers.Should().Equal("brand");
    }

    [Fact]
    public async Task Budget_isChargedAtEveryOwnerButTheAudience() =>
        (await fixture.Binder.AnalyseAsync(Examples.Media, Ask.Request(Seeds))).Verdict.Budget
            .Select(charge => (charge.Dataset, charge.Owner, charge.Domain, charge.Queries, charge.NanoRho))
            .Should().Equal(("brand.customers", "brand", "person-v1", 1, 0));
}
