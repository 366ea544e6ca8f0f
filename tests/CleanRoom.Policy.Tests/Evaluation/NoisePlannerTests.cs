using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Evaluation;

/// <summary>How a query of the tier dp is bounded and blurred: by the strictest owner's rules, from contract and text alone.</summary>
public sealed class NoisePlannerTests(BinderFixture fixture)
{
    private const string Customers = "SELECT region, count(*) AS n, sum(ltv) AS s, avg(ltv) AS m FROM brand.customers GROUP BY region";
    private const string Reach = "SELECT c.region, i.device, count(*) AS n FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id GROUP BY 1, 2";

    [Fact]
    public async Task Plan_ofTheTierDp_carriesTheOwnersBounds()
    {
        var contract = Examples.MediaWith(json => json.Blur(groups: 3, datasets: 0));

        var plan = await fixture.Binder.PlanAsync(contract, Customers);

        var budget = PrivacyBudget.From(contract.Datasets[0].Policy.Dp!).Value;
        var noise = plan.Noise!;
        plan.Tier.Should().Be(PolicyTier.Dp);
        noise.Should().Match<PlanNoise>(it => it.UnitTable == 0 && it.MaxGroupsPerUnit == 3 && it.MaxRowsPerUnit == 1 && it.MinUnits == 50 && it.PublicGroups == null);
        noise.NanoRho.Should().Be(budget.MaxNanoRhoPerQuery);
        noise.Clamps.Should().Equal(null, new PlanClamp(0, 10_000_000), new PlanClamp(0, 10_000_000));
        var cost = NoisyValues.CostOf(plan);
        cost.NanoRho.Should().BePositive().And.BeLessThanOrEqualTo(budget.MaxNanoRhoPerQuery);
        budget.Fits(PrivacyCost.None, cost).Should().Be(budget.Total.NanoRho / cost.NanoRho, "rho and delta end together");
    }

    [Fact]
    public async Task Verdict_ofTheTierDp_chargesWhatThePlanCosts()
    {
        var analysis = await fixture.Binder.AnalyseAsync(Examples.MediaWith(json => json.Blur(datasets: 0)), Ask.Request(Reach));

        var cost = NoisyValues.CostOf(analysis.Plan!);
        analysis.Verdict.Budget.Should().BeEquivalentTo(
        [
            new BudgetCharge { Dataset = "brand.customers", Owner = "brand", Domain = "person-v1", Queries = 1, NanoRho = cost.NanoRho, AttoDelta = cost.AttoDelta },
            new BudgetCharge { Dataset = "pub.impressions", Owner = "pub", Domain = "person-v1", Queries = 1, NanoRho = 0, AttoDelta = 0 },
        ]);
    }

    [Theory]
    [InlineData("c.user_id", true, "the protected occurrence's unit")]
    [InlineData("i.user_id", true, "the join makes it equal")]
    [InlineData("s.user_id", true, "equal by way of another occurrence")]
    [InlineData("i.device", false, "one person may have several")]
    public async Task DifferentValues_thatNamePeople_needTheNoiseOfOnePerson(string column, bool isPeople, string because)
    {
        var contract = Examples.MediaWith(json => json.Blur(datasets: [0, 2]));
        var sql = $"SELECT count(DISTINCT {column}) AS n FROM agency.seeds s JOIN pub.impressions i ON s.user_id = i.user_id JOIN brand.customers c ON i.user_id = c.user_id";

        var plan = await fixture.Binder.PlanAsync(contract, sql);

        NoisyValues.IsUnits(plan, plan.Aggregates[0]).Should().Be(isPeople, because);
        NoisyValues.Of(plan).Select(value => value.Kind).Should().Equal(isPeople ? NoisyKind.Units : NoisyKind.Distinct);
        NoisyValues.Mechanisms(plan)[0].Sensitivity.LInf.Should().Be(isPeople ? 1 : plan.Noise!.MaxRowsPerUnit, because);
    }

    [Fact]
    public async Task Example_underDifferentialPrivacy_saysWhatItsReadmeSays()
    {
        var analysis = await fixture.Binder.AnalyseAsync(Examples.NafldDp, Ask.ByTemplate(Examples.NafldDp, "events-by-sex", "registry"));
        var budget = PrivacyBudget.From(Examples.NafldDp.Datasets[2].Policy.Dp!).Value;

        analysis.Verdict.Noise.Should().Equal(new ExpectedNoise { Aggregate = "count(DISTINCT id)", Within = "37", Rows = null });
        budget.Fits(PrivacyCost.None, NoisyValues.CostOf(analysis.Plan!)).Should().Be(13);
        analysis.Plan!.Noise!.PublicGroups!.Value.Select(domain => domain.Length).Should().Equal(10, 2);

        var rows = Examples.NafldDp.Templates[1].Sql.Replace("count(DISTINCT r.id)", "count(*)", StringComparison.Ordinal);
        (await fixture.Binder.AnalyseAsync(Examples.NafldDp, Ask.Request(rows, "registry"))).Verdict.Noise.Single().Within.Should().Be("731");
    }

    [Fact]
    public async Task Plan_ofTwoOwners_takesTheStricterOfEachRule()
    {
        var contract = Examples.MediaWith(json => json.Blur("4", "0.5", 5, 0).Blur("4", "0.25", 7, 2));

        var noise = (await fixture.Binder.PlanAsync(contract, Reach)).Noise!;

        noise.MaxGroupsPerUnit.Should().Be(5);
        noise.MaxRowsPerUnit.Should().Be(500, "a person is one customer of at most 500 impressions");
        noise.NanoRho.Should().Be(PrivacyBudget.From(contract.Datasets[2].Policy.Dp!).Value.MaxNanoRhoPerQuery);
    }

    // A customer has one row by user_id, which is unique, whatever maxRowsPerUnit says; an order has 200 and an impression 500.
    [Theory]
    [InlineData("brand.customers c", 1)]
    [InlineData("pub.impressions i", 500)]
    [InlineData("brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id", 500)]
    [InlineData("pub.impressions i JOIN brand.customers c ON c.user_id = i.user_id", 500)]
    [InlineData("brand.orders o JOIN pub.impressions i ON o.user_id = i.user_id", 100_000)]
    [InlineData("pub.impressions i JOIN agency.seeds s ON i.user_id = s.user_id", 3_500)]
    public async Task Rows_ofAPerson_areTheProductOverTheTables(string from, int rows)
    {
        var contract = Examples.MediaWith(json =>
        {
            json.Blur(datasets: [0, 1, 2]);
            json.Policy(0)["join"]!.Set("maxRowsPerUnit", "5");
            json.Policy(3)["join"]!.Set("maxRowsPerUnit", "7");
            foreach (var column in json["datasets"]![3]!["schema"]!.AsArray())
            {
                column!["unique"] = false;
            }
        });

        (await fixture.Binder.PlanAsync(contract, $"SELECT count(*) FROM {from}")).Noise!.MaxRowsPerUnit.Should().Be(rows);
    }

    [Fact]
    public async Task Groups_withoutKeys_areOnePublicGroup()
    {
        var noise = (await fixture.Binder.PlanAsync(Examples.MediaWith(json => json.Blur(groups: 3, datasets: 0)), "SELECT count(*) FROM brand.customers")).Noise!;

        noise.PublicGroups.Should().NotBeNull();
        noise.PublicGroups!.Value.IsEmpty.Should().BeTrue();
        noise.Should().Match<PlanNoise>(it => it.AttoDelta == 0 && it.MinUnits == 1 && it.MaxGroupsPerUnit == 1);
    }

    [Fact]
    public async Task Groups_whoseValuesAreAllPublic_allAppear()
    {
        var contract = Examples.MediaWith(json => Public(json.Blur(datasets: [0, 2])));

        var noise = (await fixture.Binder.PlanAsync(contract, Reach)).Noise!;

        Texts(noise).Should().BeEquivalentTo([["north", "south"], (string[])["ios", "web"]], options => options.WithStrictOrdering());
        noise.Should().Match<PlanNoise>(it => it.AttoDelta == 0 && it.MinUnits == 1);
    }

    [Fact]
    public async Task Groups_ofPublicBands_areTheBandsOfTheDomain()
    {
        var contract = Examples.MediaWith(json =>
        {
            json.Blur(datasets: 0);
            json.Column(0, "age").Set("uses", """["group", "filter"]""");
            json.Column(0, "age").Set("domain", """{"min":"0","max":"25","step":"1"}""");
            json.Column(0, "age").Set("grain", "\"10\"");
            json.Column(0, "age").Set("public", "true");
        });

        var noise = (await fixture.Binder.PlanAsync(contract, "SELECT age // 10 * 10 AS decade, count(*) FROM brand.customers GROUP BY 1")).Noise!;

        Texts(noise)[0].Should().Equal("0", "10", "20");
    }

    [Theory]
    [InlineData(false, false, "one column is not public")]
    [InlineData(true, true, "an owner of the tier threshold was promised a number of people")]
    public async Task Groups_otherwise_arePrivate(bool isEachPublic, bool isMixed, string because)
    {
        var contract = Examples.MediaWith(json =>
        {
            Public(json.Blur(datasets: isMixed ? [0] : [0, 2]));
            if (!isEachPublic)
            {
                json.Column(2, "device").AsObject().Remove("public");
            }
        });

        var noise = (await fixture.Binder.PlanAsync(contract, Reach)).Noise!;

        noise.PublicGroups.Should().BeNull(because);
        noise.AttoDelta.Should().BePositive();
        noise.MinUnits.Should().Be(50);
    }

    [Fact]
    public async Task Groups_ofTooManyPublicValues_arePrivate()
    {
        var contract = Examples.MediaWith(json =>
        {
            Public(json.Blur(datasets: [0, 2]));
            json.Column(0, "region").Set("domain", $$"""{"values":[{{string.Join(",", Enumerable.Range(0, 101).Select(i => $"\"r{i}\""))}}]}""");
            json.Column(2, "device").Set("domain", $$"""{"values":[{{string.Join(",", Enumerable.Range(0, 100).Select(i => $"\"d{i}\""))}}]}""");
        });

        (await fixture.Binder.PlanAsync(contract, Reach)).Noise!.PublicGroups.Should().BeNull("10,100 combinations are more than 10,000");
    }

    [Theory]
    [InlineData("SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.email_sha256 = i.email_sha256")]
    [InlineData("SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id JOIN brand.customers d ON i.email_sha256 = d.email_sha256 JOIN pub.impressions j ON d.user_id = j.user_id")]
    public async Task Rows_thatAreNotOfOnePerson_areRefused(string sql) =>
        (await fixture.Binder.CodesAsync(Examples.MediaWith(json => json.Blur(datasets: 0)), sql)).Should().Contain(VerdictCodes.UnitJoin);

    [Fact]
    public async Task Rows_thatMeetOnUnitsOneByOne_areOfOnePerson()
    {
        const string sql = "SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id JOIN brand.orders o ON i.user_id = o.user_id";

        (await fixture.Binder.CodesAsync(Examples.MediaWith(json => json.Blur(datasets: [0, 1, 2])), sql)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("var_samp(ltv)")]
    [InlineData("stddev_pop(ltv)")]
    public async Task Statistics_areNotBlurred(string aggregate) =>
        (await fixture.Binder.CodesAsync(Examples.MediaWith(json => json.Blur(datasets: 0)), $"SELECT {aggregate} FROM brand.customers"))
            .Should().Equal(VerdictCodes.AggFn);

    // 0.0001 is less than a billionth of rho, 0.0004 two of them: too few for three aggregates, of which one is two numbers, and the people.
    [Theory]
    [InlineData("0.0001")]
    [InlineData("0.0004")]
    public async Task Budget_thatCannotBeSplit_isRefused(string each)
    {
        var contract = Examples.MediaWith(json => json.Blur(each: each, datasets: 0));

        var verdict = (await fixture.Binder.AnalyseAsync(contract, Ask.Request("SELECT sum(ltv), avg(ltv), count(*) FROM brand.customers GROUP BY region"))).Verdict;

        verdict.Codes.Should().Equal(VerdictCodes.TierMix);
        verdict.Owners.Single(owner => owner.Party == "room").Reasons.Should().Equal(each == "0.0004"
            ? "the budget of a query is too small to be split over so many numbers"
            : "the budget of brand.customers cannot be spent: wanted a maxEpsilonPerQuery and delta that allow a query a billionth of rho");
    }

    [Fact]
    public async Task Owner_alone_seesItsOwnDataWithoutNoise()
    {
        var contract = Examples.MediaWith(json => json.Blur(datasets: 0));

        (await fixture.Binder.PlanAsync(contract, Customers, "brand")).Noise.Should().BeNull();
    }

    private static void Public(System.Text.Json.Nodes.JsonNode json)
    {
        json.Column(0, "region").Set("domain", """{"values":["north","south"]}""");
        json.Column(2, "device").Set("domain", """{"values":["ios","web"]}""");
        json.Column(0, "region").Set("public", "true");
        json.Column(2, "device").Set("public", "true");
    }

    private static string[][] Texts(PlanNoise noise) => [.. noise.PublicGroups!.Value.Select(domain => domain.Select(literal => literal.Text).ToArray())];
}
