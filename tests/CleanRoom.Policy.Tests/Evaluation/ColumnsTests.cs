using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Evaluation;

/// <summary>Columns of every type through the real binder: what is compared, grouped and added up, and what the plan then says.</summary>
public sealed class ColumnsTests(BinderFixture fixture)
{
    private static readonly Contract _contract = Examples.MediaWith(json =>
    {
        json.Column(0, "age").Set("uses", """["group", "filter", "sum", "avg"]""");
        json.Column(0, "age").Set("grain", "\"10\"");
        json.Column(0, "age").Set("clamp", """{"min":"0","max":"120"}""");
        json.Column(0, "age").Set("scale", "0");
        json.Column(0, "vip").Set("uses", """["group", "filter"]""");
        json.Column(0, "ltv").Set("uses", """["sum", "avg", "filter"]""");
        json.Policy(0)["columns"]!.Set("email_sha256", """{"type":"sha256","uses":["join","count-distinct","group","filter"]}""");
        json.Policy(1)["columns"]!.Set("sku", """{"type":"uuid","uses":["group","filter"]}""");
        json.Policy(1)["columns"]!.Set("order_id", """{"type":"int64","uses":["sum","filter"],"clamp":{"min":"0","max":"9007199254740991"},"scale":0}""");
        json.Policy(2)["columns"]!.Set("notes", """{"type":"date","uses":["group","filter"],"grain":"week"}""");
    });

    [Theory]
    [InlineData("age >= 30")]
    [InlineData("age <= 29")]
    [InlineData("age BETWEEN 20 AND 39")]
    [InlineData("NOT age < 70")]
    [InlineData("vip")]
    [InlineData("NOT vip")]
    [InlineData("vip = false")]
    [InlineData("ltv >= 12.5")]
    [InlineData("ltv > 12")]
    [InlineData("ltv IN (1, 2.50)")]
    [InlineData("email_sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'")]
    public async Task Filter_literalOfTheColumnsType_isAllowed(string condition) =>
        (await fixture.Binder.CodesAsync(_contract, $"SELECT count(*) FROM brand.customers WHERE {condition}")).Should().BeEmpty();

    [Theory]
    [InlineData("age >= 35", "GRAIN")]
    [InlineData("age <= 30", "GRAIN")]
    [InlineData("age = 30", "GRAIN")]
    [InlineData("age IN (30, 40)", "GRAIN")]
    [InlineData("ltv = 1.005", "GRAIN")]
    [InlineData("email_sha256 = 'E3B0C442'", "CAST")]
    [InlineData("region = e'a\\x01b'", "CAST")]
    [InlineData("vip IS NOT DISTINCT FROM true", "OP")]
    [InlineData("age > vip", "CAST")]
    public async Task Filter_literalOfAnotherKind_isRefused(string condition, string code) =>
        (await fixture.Binder.CodesAsync(_contract, $"SELECT count(*) FROM brand.customers WHERE {condition}")).Should().Contain(code);

    [Theory]
    [InlineData("sku = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'", true)]
    [InlineData("sku = UUID 'F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6'", true)]
    [InlineData("order_id > 4611686018427387904", true)]
    [InlineData("order_id = 99999999999999999999", false)]
    [InlineData("ts < '2026-01-02 00:00:00'", true)]
    [InlineData("ts < '2026-01-02T00:00:00'", true)]
    [InlineData("ts < '02.01.2026'", false)]
    [InlineData("ts < '2026-01-02 00:00:00+01'", false)]
    public async Task Filter_identifiersAndMoments_haveOneForm(string condition, bool allowed) =>
        (await fixture.Binder.CodesAsync(_contract, $"SELECT count(*) FROM brand.orders WHERE {condition}")).IsEmpty.Should().Be(allowed);

    [Theory]
    [InlineData("(age // 10) * 10", true)]
    [InlineData("(age // 20) * 20", true)]
    [InlineData("(age // 15) * 15", false)]
    [InlineData("(age // 10) * 20", false)]
    [InlineData("age // 10", true)]
    [InlineData("age // 15", false)]
    [InlineData("10 * (age // 10)", true)]
    [InlineData("floor(age / 10) * 10", true)]
    [InlineData("10 * floor(age / 10)", true)]
    [InlineData("floor(age / 20)", true)]
    [InlineData("floor(age / 15)", false)]
    [InlineData("floor(age / 10) * 20", false)]
    [InlineData("ceil(age / 10) * 10", false)]
    [InlineData("age - age % 10", true)]
    [InlineData("age - age % 15", false)]
    [InlineData("age - 20 % 10", false)]
    [InlineData("age % 10", false)]
    [InlineData("age", false)]
    [InlineData("vip", true)]
    [InlineData("email_sha256", true)]
    public async Task Group_key_liesOnTheGrain(string key, bool allowed) =>
        (await fixture.Binder.CodesAsync(_contract, $"SELECT {key} AS k, count(*) FROM brand.customers GROUP BY k")).IsEmpty.Should().Be(allowed);

    [Theory]
    [InlineData("date_trunc('week', notes)", true)]
    [InlineData("date_trunc('WEEK', notes)", true)]
    [InlineData("date_trunc('month', notes)", false)]
    [InlineData("notes", false)]
    [InlineData("date_trunc('3', notes)", false)]
    [InlineData("date_trunc('epoch', notes)", false)]
    [InlineData("year(notes)", false)]
    [InlineData("year(ts)", true)]
    [InlineData("month(ts)", true)]
    [InlineData("date_part('quarter', ts)", true)]
    [InlineData("isodow(ts)", true)]
    [InlineData("extract(epoch FROM ts)", false)]
    [InlineData("date_part('1', ts)", false)]
    [InlineData("hour(ts)", false)]
    [InlineData("dayofyear(ts)", false)]
    public async Task Group_period_liesOnTheGrain(string key, bool allowed) =>
        (await fixture.Binder.CodesAsync(_contract, $"SELECT {key} AS k, count(*) FROM pub.impressions GROUP BY k")).IsEmpty.Should().Be(allowed);

    [Fact]
    public async Task Aggregates_ofIntegers_areExact()
    {
        var plan = await fixture.Binder.PlanAsync(_contract, "SELECT sum(age), avg(age), avg(ltv), sum(ltv) / 3, count(DISTINCT vip) FROM brand.customers");

        plan.Aggregates.Select(aggregate => aggregate.Function).Should().Equal(
            AggregateFunction.Sum, AggregateFunction.Average, AggregateFunction.Average, AggregateFunction.Sum, AggregateFunction.CountDistinct);
        plan.Outputs.Select(output => output.Expression.CellType.Scale).Should().Equal(0, 6, 8, 8, 0);
        plan.Outputs.Select(output => output.Name).Should().Equal("sum_age", "avg_age", "avg_ltv", "column_4", "count_distinct_vip");
    }

    [Fact]
    public async Task CountDistinct_onAGrain_isNotGrantedByGroup() =>
        (await fixture.Binder.CodesAsync(_contract, "SELECT count(DISTINCT age) FROM brand.customers")).Should().Equal("CONTEXT:age:AGG");

    [Fact]
    public async Task Columns_manyMoreThanAnAnswerNeeds_areRefused()
    {
        var most = "SELECT " + string.Join(", ", Enumerable.Repeat("sum(ltv)", QueryPlan.MaxColumns)) + " FROM brand.customers";
        (await fixture.Binder.CodesAsync(_contract, most)).Should().BeEmpty();

        var more = "SELECT n.*, n.* FROM (" + most + ") n";
        (await fixture.Binder.CodesAsync(_contract, more)).Should().Equal(VerdictCodes.Op);
    }

    [Fact]
    public async Task Names_thatAreTakenTwice_getNumbers()
    {
        var plan = await fixture.Binder.PlanAsync(
            _contract, "SELECT region, region AS r, count(*) AS r, count(*), sum(ltv) + 1 FROM brand.customers GROUP BY region");

        plan.Outputs.Select(output => output.Name).Should().Equal("region", "r", "r_2", "count", "column_5");
    }

    [Fact]
    public async Task Names_thatCouldMisleadAReader_areReplaced()
    {
        var plan = await fixture.Binder.PlanAsync(
            _contract,
            $"SELECT sum(ltv) AS \"x\n  brand: allowed\", count(*) AS \"{new string('n', 65)}\", sum(ltv) AS \"größe m²\" FROM brand.customers");

        plan.Outputs.Select(output => output.Name).Should().Equal("sum_ltv", "count", "größe m²");
    }

    [Fact]
    public async Task Reasons_areOneShortLine()
    {
        var verdict = (await fixture.Binder.AnalyseAsync(_contract, Ask.Request(
            $"SELECT \"f\nroom: its rules allow it\"(ltv), count(*) FROM \"t\r\n{new string('t', 500)}\""))).Verdict;

        verdict.Codes.Should().Equal(VerdictCodes.Function, VerdictCodes.Table);
        verdict.Owners.SelectMany(owner => owner.Reasons.Append(owner.SmallestChange!))
            .Should().OnlyContain(text => text.Length < 1_000 && !text.Any(char.IsControl));
    }

    [Fact]
    public async Task Lineage_longerThanAVerdictHolds_isRefused()
    {
        // Each of many outputs is made of many columns: a product of the text's length with itself.
        var contract = Examples.MediaWith(json =>
        {
            for (var i = 0; i < 150; i++)
            {
                json["datasets"]![0]!["schema"]!.AsArray().Add(System.Text.Json.Nodes.JsonNode.Parse($$"""{"name":"m{{i}}","nullable":true,"unique":false}"""));
                json.Policy(0)["columns"]!.Set($"m{i}", """{"type":"int32","uses":["sum"],"clamp":{"min":"0","max":"9"},"scale":0}""");
            }
        });
        var all = string.Join(" + ", Enumerable.Range(0, 150).Select(i => $"sum(m{i})"));
        var sql = $"SELECT {string.Join(", ", Enumerable.Range(0, 200).Select(i => $"s + {i}"))} FROM (SELECT {all} AS s FROM brand.customers)";

        (await fixture.Binder.CodesAsync(contract, sql)).Should().Equal(VerdictCodes.Op);
    }

    [Fact]
    public async Task Lineage_namesEveryColumnAndWhatBecomesOfIt()
    {
        var verdict = (await fixture.Binder.AnalyseAsync(_contract, Ask.Request(
            "SELECT c.region AS r, sum(c.ltv) / nullif(count(*), 0) AS m FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id "
            + "WHERE i.device = 'ios' GROUP BY c.region, i.campaign HAVING count(DISTINCT i.user_id) > 9"))).Verdict;

        verdict.Lineage.Select(edge => $"{edge.Dataset}.{edge.Column} {edge.Operation} {edge.Output}".TrimEnd()).Should().Equal(
            "brand.customers.ltv sum m",
            "brand.customers.region group r",
            "brand.customers.user_id join",
            "pub.impressions.campaign group",
            "pub.impressions.device filter",
            "pub.impressions.user_id having",
            "pub.impressions.user_id join");
    }

    [Fact]
    public async Task Reasons_nameNoLiteralOfTheText()
    {
        var verdict = (await fixture.Binder.AnalyseAsync(_contract, Ask.Request(
            "SELECT count(*) FROM brand.customers WHERE user_id = 'victim-4711' AND age > 37 AND region || 'victim-4711' = 'x'"))).Verdict;

        verdict.Owners.SelectMany(owner => owner.Reasons.Append(owner.SmallestChange!)).Should().NotContain(text => text.Contains("4711") || text.Contains("37"));
        verdict.Codes.Should().Contain(["CONTEXT:user_id:FILTER", "FUNCTION", "GRAIN"]);
    }
}
