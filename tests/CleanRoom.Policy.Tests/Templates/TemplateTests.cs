using System.Text.Json.Nodes;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Templates;

/// <summary>Queries by template: a value is one literal of its parameter's type, list, range and step, and the text is judged like any other.</summary>
public sealed class TemplateTests(BinderFixture fixture)
{
    private static readonly Contract _contract = Examples.MediaWith(json => json["templates"] = new JsonArray(
        Template("reach", "SELECT campaign, count(DISTINCT user_id) AS n FROM pub.impressions WHERE device = $device AND ts >= $since GROUP BY campaign",
            """{"name":"device","type":"string","values":["ios","it's; --"]}""", """{"name":"since","type":"timestamp"}"""),
        Template("old", "SELECT region, avg(ltv) FROM brand.customers WHERE age >= $least AND age < $most GROUP BY region LIMIT 5",
            """{"name":"least","type":"int32","min":"20","max":"60","step":"10"}""", """{"name":"most","type":"int64","min":"0","max":"200"}"""),
        Template("spend", "SELECT device, sum(spend) AS s FROM pub.impressions GROUP BY device HAVING sum(spend) > $least",
            """{"name":"least","type":"decimal","min":"0.5","max":"10","step":"0.25"}"""),
        Template("flag", "SELECT count(*) FROM brand.customers WHERE vip = $vip", """{"name":"vip","type":"boolean"}"""),
        Template("day", "SELECT count(*) FROM brand.orders WHERE ts < $day", """{"name":"day","type":"date"}"""),
        Template("plain", "SELECT count(*) FROM brand.customers")));

    [Theory]
    [InlineData("reach", "device=ios", "since=2026-01-01 00:00:00")]
    [InlineData("reach", "device=it's; --", "since=2026-01-01")]
    [InlineData("old", "least=30", "most=200")]
    [InlineData("spend", "least=0.75")]
    [InlineData("day", "day=2026-02-01")]
    [InlineData("plain")]
    public async Task AnalyzeAsync_valuesThatFit_areAllowed(string name, params string[] values) =>
        (await CodesAsync(name, values)).Should().BeEmpty();

    [Theory]
    [InlineData("reach", "device=android", "since=2026-01-01")]
    [InlineData("reach", "device=ios' OR ''='", "since=2026-01-01")]
    [InlineData("reach", "device=ios", "since=yesterday")]
    [InlineData("reach", "device=ios", "since=2026-01-01 00:00:00+01")]
    [InlineData("reach", "device=ios", "since=2026-02-30")]
    [InlineData("reach", "device=ios")]
    [InlineData("reach", "device=ios", "since=2026-01-01", "campaign=c1")]
    [InlineData("old", "least=25", "most=70")]
    [InlineData("old", "least=10", "most=70")]
    [InlineData("old", "least=70", "most=70")]
    [InlineData("old", "least=30.0.0", "most=70")]
    [InlineData("old", "least= 30", "most=70")]
    [InlineData("old", "least=3e1", "most=70")]
    [InlineData("old", "least=", "most=70")]
    [InlineData("old", "least=30", "most=99999999999999999999")]
    [InlineData("spend", "least=0.6")]
    [InlineData("spend", "least=0.7500000000000000001")]
    [InlineData("spend", "least=NaN")]
    [InlineData("day", "day=2026-02-01 12:00:00")]
    [InlineData("plain", "x=1")]
    public async Task AnalyzeAsync_valuesThatDoNotFit_areRefusedAsParameter(string name, params string[] values) =>
        (await CodesAsync(name, values)).Should().Equal(VerdictCodes.Parameter);

    [Fact]
    public async Task AnalyzeAsync_valueOffTheColumnsGrain_isRefusedAsGrain() =>
        (await CodesAsync("reach", "device=ios", "since=2026-01-01 12:00:00")).Should().Equal(VerdictCodes.Grain);

    [Fact]
    public async Task AnalyzeAsync_templateOfAHiddenColumn_isJudgedLikeAnyText() =>
        (await CodesAsync("flag", "vip=true")).Should().Equal("CONTEXT:vip:FILTER");

    [Fact]
    public async Task AnalyzeAsync_digestOfNoTemplate_isRefused()
    {
        var request = Ask.Request(null) with { TemplateDigest = Digest.Of([1]) };

        (await fixture.Binder.AnalyseAsync(_contract, request)).Verdict.Codes.Should().Equal(VerdictCodes.Template);
    }

    [Fact]
    public async Task AnalyzeAsync_whatIsWrong_isNamed()
    {
        var contract = _contract with
        {
            Templates =
            [
                .. _contract.Templates,
                _contract.Templates.Single(template => template.Name == "plain") with { Name = "torn", Sql = "SELECT \0" },
                _contract.Templates.Single(template => template.Name == "plain") with { Name = "loose", Sql = "SELECT count(*) FROM brand.customers WHERE age > $nothing" },
            ],
        };
        (await ReasonAsync(contract, Ask.Request(null) with { TemplateDigest = Digest.Of([1]) })).Should()
            .Be(("the digest names no template of the contract", "use a template of this contract's version"));
        (await ReasonAsync(contract, Ask.ByTemplate(contract, "plain", "agency", ("x", "1")))).Should()
            .Be(("a value is given for a parameter that the template plain does not have", "give every parameter of the template one allowed value"));
        (await ReasonAsync(contract, Ask.ByTemplate(contract, "flag", "agency"))).Reason.Should().Be("the parameter vip has no value");
        (await ReasonAsync(contract, Ask.ByTemplate(contract, "flag", "agency", ("vip", "perhaps")))).Reason.Should().Be("the value of vip is not of its type, list, range or step");
        (await ReasonAsync(contract, Ask.ByTemplate(contract, "loose", "agency"))).Should().Be(("the template loose uses a parameter that it does not declare", "use another template"));
        var torn = await ReasonAsync(contract, Ask.ByTemplate(contract, "torn", "agency"));
        torn.Reason.Should().StartWith("the template torn has no acceptable text: ");
        torn.Change.Should().Be("use another template");
    }

    [Fact]
    public async Task AnalyzeAsync_templateAndText_isRefused()
    {
        var request = Ask.ByTemplate(_contract, "plain", "agency") with { Sql = "SELECT count(*) FROM brand.customers" };

        (await fixture.Binder.AnalyseAsync(_contract, request)).Verdict.Codes.Should().Equal(VerdictCodes.Template);
    }

    [Fact]
    public async Task AnalyzeAsync_neitherTemplateNorText_isRefused() =>
        (await fixture.Binder.AnalyseAsync(_contract, Ask.Request(null))).Verdict.Codes.Should().Contain(VerdictCodes.Template);

    [Fact]
    public async Task AnalyzeAsync_freeTextWithParameters_isRefused()
    {
        var request = Ask.Request("SELECT count(*) FROM brand.customers");
        request = request with { Parameters = request.Parameters.Add("x", "1") };

        (await fixture.Binder.AnalyseAsync(_contract, request)).Verdict.Codes.Should().Equal(VerdictCodes.Parameter);
    }

    [Fact]
    public async Task AnalyzeAsync_namesThatAreNoText_areRefusedWithoutAnException()
    {
        var half = ((char)0xd800).ToString();
        var request = Ask.ByTemplate(_contract, "plain", "agency", (half, "1"), (half + "2", "2"));
        (await fixture.Binder.AnalyseAsync(_contract, request)).Verdict.Codes.Should().Equal(VerdictCodes.Parameter);

        request = Ask.Request("SELECT count(*) FROM brand.customers", half, half);
        (await fixture.Binder.AnalyseAsync(_contract, request)).Verdict.Codes.Should().Contain([VerdictCodes.Analyst, VerdictCodes.Receiver]);

        request = Ask.Request("SELECT '" + half + "'");
        (await fixture.Binder.AnalyseAsync(_contract, request)).Verdict.Codes.Should().Equal(VerdictCodes.Parse);
    }

    [Fact]
    public async Task AnalyzeAsync_sameQuestionByTemplateAndByText_hasTheSamePlan()
    {
        var byTemplate = await fixture.Binder.AnalyseAsync(_contract, Ask.ByTemplate(_contract, "old", "agency", ("least", "30"), ("most", "70")));
        var byText = await fixture.Binder.PlanAsync(
            _contract, "SELECT region, avg(ltv) FROM brand.customers WHERE age >= 30 AND age < 70 GROUP BY region LIMIT 5");

        byTemplate.Plan!.Digest.Should().Be(byText.Digest);
        byTemplate.Verdict.TextDigest.Should().Be(QueryText.DigestOf(
            _contract.Templates.Single(template => template.Name == "old").Sql, [new("least", "30"), new("most", "70")]));
    }

    [Theory]
    [InlineData("mean-by-status", "registry", "test=hdl")]
    [InlineData("mean-by-status", "hospital", "test=fib4")]
    [InlineData("events-by-sex", "registry")]
    public async Task AnalyzeAsync_templatesOfTheDemo_needApprovalAndNothingElse(string name, string analyst, params string[] values)
    {
        var verdict = (await fixture.Binder.AnalyseAsync(Examples.Nafld, Ask.ByTemplate(Examples.Nafld, name, analyst, Pairs(values)))).Verdict;

        verdict.Codes.Should().BeEmpty();
        verdict.Decision.Should().Be(VerdictDecision.NeedsApproval);
        verdict.Inputs.Should().OnlyContain(input => input.MinUnits == (input.Dataset.StartsWith(analyst, StringComparison.Ordinal) ? 0 : 50));
    }

    private async Task<IEnumerable<string>> CodesAsync(string name, params string[] values) =>
        (await fixture.Binder.AnalyseAsync(_contract, Ask.ByTemplate(_contract, name, "agency", Pairs(values)))).Verdict.Codes;

    private async Task<(string Reason, string Change)> ReasonAsync(Contract contract, AnalysisRequest request)
    {
        var room = (await fixture.Binder.AnalyseAsync(contract, request)).Verdict.Owners.Should().ContainSingle().Which;
        return (room.Reasons.Should().ContainSingle().Which, room.SmallestChange!);
    }

    private static (string Name, string Value)[] Pairs(string[] values) =>
        [.. values.Select(value => value.Split('=', 2)).Select(parts => (parts[0], parts[1]))];

    private static JsonObject Template(string name, string sql, params string[] parameters) => new JsonObject
    {
        ["name"] = name,
        ["description"] = "A question.",
        ["sql"] = sql,
        ["parameters"] = new JsonArray([.. parameters.Select(parameter => JsonNode.Parse(parameter))]),
    };
}
