using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Policy.Tests.Corpus;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;

namespace CleanRoom.Policy.Tests;

/// <summary>Bad input is refused with a code, and before anything is bound.</summary>
public sealed class BadInputTests(BinderFixture fixture)
{
    private const int Huge = 10 * 1024 * 1024;
    private const int Deep = 10_000;

    public static TheoryData<string, string> Texts => new()
    {
        { "10 MB of a comment", "SELECT count(*) /*" + new string('x', Huge) + "*/ FROM brand.customers" },
        { "10 MB of a string", "SELECT '" + new string('x', Huge) + "', count(*) FROM brand.customers" },
        { "10 MB of conditions", "SELECT count(*) FROM brand.customers WHERE " + string.Concat(Enumerable.Repeat("age > 1 AND ", Huge / 12)) + "age > 1" },
        { "10,000 parentheses", "SELECT " + new string('(', Deep) + "1" + new string(')', Deep) },
        { "10,000 brackets", "SELECT " + new string('[', Deep) + "1" + new string(']', Deep) },
        { "10,000 subqueries", string.Concat(Enumerable.Repeat("SELECT * FROM (", Deep)) + "brand.customers" + new string(')', Deep) },
        { "no end of a comment", "SELECT count(*) FROM brand.customers /*" },
        { "a null character", "SELECT count(*)\0 FROM brand.customers" },
        { "a space of no width in a name", "SELECT user\u200b_id, count(*) FROM brand.customers GROUP BY 1" },
        { "a letter that looks like another", "SELECT count(*) FROM brand.customers WHERE r\u0435gion = 'x'" },
        { "a space that is none", "SELECT\u00a0count(*) FROM brand.customers" },
        { "an order that is not read", "SELECT count(*) FROM brand.customers /* \u202e */" },
        { "nothing", " \n" },
    };

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public async Task Text_beyondTheLimits_reachesNoEngine(string what, string sql)
    {
        var binder = new WatchedBinder();

        (await binder.CodesAsync(Examples.Media, sql)).Should().Equal([VerdictCodes.Parse], what);
        binder.Parsed.Should().Be(0);
    }

    // Within the limits of the text, but deeper than any walk over the engine's answer goes.
    [Theory]
    [InlineData("SELECT count(*) FROM brand.customers WHERE {0}vip", "NOT ")]
    [InlineData("SELECT {0}1, count(*) FROM brand.customers", "- ")]
    public async Task Text_deepWithoutParentheses_isRefusedWithoutBinding(string text, string repeated)
    {
        var binder = new WatchedBinder(fixture.Binder);
        var sql = string.Format(CultureInfo.InvariantCulture, text, string.Concat(Enumerable.Repeat(repeated, Deep)));

        (await binder.CodesAsync(Examples.Media, sql)).Should().Equal(VerdictCodes.Parse);
        binder.Bound.Should().Be(0);
    }

    [Fact]
    public async Task Attacks_onTheEngine_areNeverBound()
    {
        foreach (var one in CorpusCase.Attacks.Where(one => one.Id.Length == "V1001".Length && one.Id.StartsWith("V10", StringComparison.Ordinal)))
        {
            var binder = new WatchedBinder(fixture.Binder);

            (await binder.CodesAsync(Examples.Media, one.Sql)).Should().NotBeEmpty(one.Id);
            binder.Bound.Should().Be(0, one.Id);
        }
    }

    [Theory]
    [InlineData("least=25")]
    [InlineData("least=x")]
    [InlineData("least=30.5")]
    [InlineData("least=30;")]
    [InlineData("least=1e9")]
    [InlineData("least=２0")]
    [InlineData("least=99999999999")]
    [InlineData("other=30")]
    [InlineData("least=30", "least2=30")]
    public async Task Parameter_thatDoesNotFit_reachesNoEngine(params string[] values)
    {
        var contract = Examples.MediaWith(json => json.Set(
            "templates",
            """[{"name":"old","description":"A question.","sql":"SELECT count(*) FROM brand.customers WHERE age >= $least","parameters":[{"name":"least","type":"int32","min":"20","max":"60","step":"10"}]}]"""));
        var binder = new WatchedBinder();
        var request = Ask.ByTemplate(contract, "old", "agency", [.. values.Select(value => (value.Split('=')[0], value.Split('=')[1]))]);

        (await binder.AnalyseAsync(contract, request)).Verdict.Codes.Should().Equal(VerdictCodes.Parameter);
        binder.Parsed.Should().Be(0);
    }

    // What the contract may not say; the floors hold since it allows nothing insecure.
    public static TheoryData<string, Action<JsonNode>> Policies => new()
    {
        { "a member that does not exist", json => json.Policy(0)["threshold"]!.Set("minUnit", "50") },
        { "a column's member that does not exist", json => json.Column(0, "ltv").Set("noise", "\"1\"") },
        { "a use that does not exist", json => json.Column(0, "ltv").Set("uses", "[\"sum\", \"median\"]") },
        { "a tier that does not exist", json => json.Policy(0).Set("tier", "\"open\"") },
        { "a type that does not exist", json => json.Column(0, "ltv").Set("type", "\"double\"") },
        { "no threshold", json => json.Policy(0).AsObject().Remove("threshold") },
        { "a floor undercut", json => json.Policy(0)["threshold"]!.Set("minUnits", "9") },
        { "no lifetime", json => json.Policy(0)["access"]!.AsObject().Remove("queriesLifetime") },
        { "a lifetime of zero", json => json.Policy(0)["access"]!.Set("queriesLifetime", "0") },
        { "no clamp for a sum", json => json.Column(0, "ltv").AsObject().Remove("clamp") },
        { "no scale for a sum", json => json.Column(0, "ltv").AsObject().Remove("scale") },
        { "a clamp that overflows", json => json.Column(0, "ltv").Set("clamp", """{"min":"0","max":"100000000000000000000"}""") },
        { "a clamp of binary fractions", json => json.Column(0, "ltv").Set("clamp", """{"min":0,"max":0.5}""") },
        { "a domain wider than its type", json => json.Column(0, "age").Set("domain", """{"min":"0","max":"2147483648","step":"1"}""") },
        { "a domain that is both", json => json.Column(0, "age").Set("domain", """{"values":["1"],"min":"0","max":"120"}""") },
        { "a domain wider than its clamp", json => json.Column(0, "ltv").Set("domain", """{"min":"0","max":"100001"}""") },
        { "a grain of another kind", json => json.Column(1, "ts").Set("grain", "\"10\"") },
        { "the person as a group", json => json.Column(0, "user_id").Set("uses", "[\"join\", \"group\"]") },
        { "rules of another tier", json => json.Policy(0).Set("dp", Dp("\"4\"", "\"0.000000001\"")) },
        { "epsilon as a binary fraction", json => Private(json, Dp("4.5", "\"0.000000001\"")) },
        { "epsilon as an integer", json => Private(json, Dp("4", "\"0.000000001\"")) },
        { "epsilon with an exponent", json => Private(json, Dp("\"4e0\"", "\"0.000000001\"")) },
        { "delta over its floor", json => Private(json, Dp("\"4\"", "\"0.00001\"")) },
        { "tier dp without its rules", json => json.Policy(0).Set("tier", "\"dp\"") },
    };

    [Theory]
    [MemberData(nameof(Policies), DisableDiscoveryEnumeration = true)]
    public void Policy_thatIsWrong_isRefusedWithACode(string what, Action<JsonNode> change) =>
        Examples.MediaRefusals(change).Should().NotBeEmpty(what).And.OnlyContain(refusal => refusal.Code != default && refusal.Wanted.Length > 0);

    [Theory]
    [InlineData("\"minUnits\": 50", "\"minUnits\": 50, \"minUnits\": 1")]
    [InlineData("\"minUnits\": 50", "\"minUnits\": 50.0")]
    [InlineData("\"minUnits\": 50", "\"minUnits\": 5e1")]
    [InlineData("\"minUnits\": 50", "\"minUnits\": \"50\"")]
    [InlineData("\"approval\": \"none\"", "\"approval\": \"none\", \"approval\": \"each\"")]
    public void Policy_thatJsonCanReadInTwoWays_isRefused(string written, string changed)
    {
        var json = File.ReadAllText(RepositoryFiles.Committed("contracts", "examples", "media", "contract.json"));
        json.Should().Contain(written);
        var refused = DocumentCodec.FromPerson<Contract>(Encoding.UTF8.GetBytes(json.Replace(written, changed, StringComparison.Ordinal)));

        refused.IsAccepted.Should().BeFalse();
        refused.Refusals.Should().OnlyContain(refusal => refusal.Code != default && refusal.Wanted.Length > 0);
    }

    [Fact]
    public void Policy_thatIsRight_isNotRefused()
    {
        Examples.MediaRefusals(_ => { }).Should().BeEmpty();
        Examples.MediaRefusals(json => Private(json, Dp("\"4\"", "\"0.000000001\""))).Should().BeEmpty();
    }

    private static void Private(JsonNode json, string rules)
    {
        json.Policy(0).Set("tier", "\"dp\"");
        json.Policy(0).Set("dp", rules);
    }

    private static string Dp(string epsilon, string delta) =>
        $$"""{"epsilon":{{epsilon}},"delta":{{delta}},"maxEpsilonPerQuery":"0.5","maxGroupsPerUnit":1,"refresh":"none"}""";
}
