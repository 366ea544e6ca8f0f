using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Verdicts;

/// <summary>For every code: a question, what the verdict says would pass, and the question after just that. It passes.</summary>
public sealed class QueryChangeTests(BinderFixture fixture)
{
    private const string Customers = " FROM brand.customers";
    private const string Joined = " FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id";

    private static readonly Contract _required = Examples.MediaWith(json => json.Policy(0)["join"]!.Set("required", "[\"pub\"]"));

    private static readonly Contract _private = Examples.MediaWith(json => json.Blur(datasets: 0));

    private static readonly Contract _templates = Examples.MediaWith(json => json.Set(
        "templates",
        """[{"name":"old","description":"A question.","sql":"SELECT count(*) FROM brand.customers WHERE age >= $least","parameters":[{"name":"least","type":"int32","min":"20","max":"60","step":"10"}]}]"""));

    private sealed record Example(string Code, AnalysisRequest Question, string Says, AnalysisRequest After, Contract Contract);

    private static readonly Example[] _examples =
    [
        Of(VerdictCodes.Parse, $"SELECT count(* {Customers}", "correct the text", $"SELECT count(*) {Customers}"),
        Of(VerdictCodes.Multi, $"SELECT count(*){Customers}; SELECT 1", "each statement as its own query", $"SELECT count(*){Customers}"),
        Of(VerdictCodes.Statement, $"CREATE TABLE t AS SELECT count(*){Customers}", "write a SELECT", $"SELECT count(*){Customers}"),
        Of(VerdictCodes.Op, $"SELECT DISTINCT count(*){Customers}", "remove DISTINCT", $"SELECT count(*){Customers}"),
        Of(
            VerdictCodes.OpPosition,
            $"SELECT region, count(*){Customers} GROUP BY region ORDER BY sum(ltv)",
            "order by a column of the answer",
            $"SELECT region, count(*){Customers} GROUP BY region ORDER BY region"),
        Of(VerdictCodes.NoAgg, $"SELECT region{Customers}", "aggregate, and group by what you select", $"SELECT region, count(*){Customers} GROUP BY region"),
        Of(
            VerdictCodes.NestedAgg,
            $"SELECT sum(n) FROM (SELECT count(*) AS n{Customers} GROUP BY region)",
            "aggregate once",
            $"SELECT count(*){Customers}"),
        Of(VerdictCodes.AggFn, $"SELECT max(ltv){Customers}", "replace max by one of these", $"SELECT avg(ltv){Customers}"),
        Of(VerdictCodes.AggArg, $"SELECT sum(1){Customers}", "the function of bare columns", $"SELECT sum(ltv){Customers}"),
        Of(
            VerdictCodes.AggFilter,
            $"SELECT count(*) FILTER (WHERE region = 'north'){Customers}",
            "move the condition to WHERE",
            $"SELECT count(*){Customers} WHERE region = 'north'"),
        Of(VerdictCodes.AggOrder, $"SELECT sum(ltv ORDER BY region){Customers}", "remove ORDER BY from the aggregate", $"SELECT sum(ltv){Customers}"),
        Of(
            VerdictCodes.GroupingSets,
            $"SELECT region, count(*){Customers} GROUP BY ROLLUP (region)",
            "use a plain GROUP BY",
            $"SELECT region, count(*){Customers} GROUP BY region"),
        Of(VerdictCodes.Sample, $"SELECT count(*){Customers} TABLESAMPLE 10 PERCENT", "remove the sample clause", $"SELECT count(*){Customers}"),
        Of(VerdictCodes.Function, $"SELECT count(*), random(){Customers}", "remove random", $"SELECT count(*){Customers}"),
        Of(VerdictCodes.TableFunction, "SELECT count(*) FROM range(3)", "name a dataset as owner.dataset", $"SELECT count(*){Customers}"),
        Of(VerdictCodes.Table, "SELECT count(*) FROM customers", "name a dataset of the contract as owner.dataset", $"SELECT count(*){Customers}"),
        Of(VerdictCodes.Bind, $"SELECT sum(surname){Customers}", "use columns of the contract's schema", $"SELECT sum(ltv){Customers}"),
        Of(
            VerdictCodes.Cast,
            $"SELECT count(*){Customers} WHERE region = NULL",
            "write the literal in the column's type",
            $"SELECT count(*){Customers} WHERE region = 'north'"),
        Of(
            VerdictCodes.Parameter,
            Ask.ByTemplate(_templates, "old", "agency", ("least", "25")),
            "give every parameter of the template one allowed value",
            Ask.ByTemplate(_templates, "old", "agency", ("least", "30")),
            _templates),
        Of(
            VerdictCodes.Join,
            "SELECT count(*) FROM brand.customers c, pub.impressions i WHERE c.user_id = i.user_id",
            "write JOIN ... ON column = column",
            $"SELECT count(*){Joined}"),
        Of(VerdictCodes.JoinRequired, Ask.Request($"SELECT count(*){Customers}"), "join a dataset of pub", Ask.Request($"SELECT count(*){Joined}"), _required),
        Of(
            VerdictCodes.Fanout,
            "SELECT count(*) FROM pub.impressions a JOIN pub.impressions b USING (user_id) JOIN pub.impressions c USING (user_id)",
            "join fewer tables with several rows per person",
            "SELECT count(*) FROM pub.impressions a JOIN pub.impressions b USING (user_id)"),
        Of(
            VerdictCodes.Context,
            $"SELECT user_id, count(*){Customers} GROUP BY user_id",
            "brand.customers may be grouped by region, segment",
            $"SELECT segment, count(*){Customers} GROUP BY segment"),
        Of(
            VerdictCodes.Context,
            $"SELECT sum(age){Customers}",
            "brand.customers may be added up as ltv",
            $"SELECT sum(ltv){Customers}"),
        Of(
            VerdictCodes.Grain,
            "SELECT ts, count(*) FROM brand.orders GROUP BY ts",
            "group by date_trunc('day', ts)",
            "SELECT date_trunc('day', ts), count(*) FROM brand.orders GROUP BY 1"),
        Of(
            VerdictCodes.Grain,
            "SELECT count(*) FROM brand.orders WHERE ts <= '2026-01-01'",
            "compare ts by < or >= with a value on the grain",
            "SELECT count(*) FROM brand.orders WHERE ts < '2026-01-01'"),
        Of(
            VerdictCodes.UnitJoin,
            Ask.Request("SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.email_sha256 = i.email_sha256"),
            "join pub.impressions on user_id",
            Ask.Request($"SELECT count(*){Joined}"),
            _private),
        Of(
            VerdictCodes.TierMix,
            Ask.Request("SELECT count(*) FROM agency.seeds s JOIN pub.impressions i ON s.user_id = i.user_id", "brand"),
            "query datasets of the tier list alone, or none of them",
            Ask.Request($"SELECT count(*){Customers}", "brand"),
            Examples.MediaOfTiers),
        Of(VerdictCodes.Receiver, Ask.Request($"SELECT count(*){Customers}", "agency", "agency", "pub"), "leave out the receiver pub", Ask.Request($"SELECT count(*){Customers}"), Examples.Media),
        Of(VerdictCodes.Receiver, Ask.Request($"SELECT count(*){Customers}", "agency", "pub"), "name another receiver than pub: brand, agency", Ask.Request($"SELECT count(*){Customers}", "agency", "brand"), Examples.Media),
        Of(VerdictCodes.Analyst, Ask.Request($"SELECT count(*){Joined}", "brand"), "leave out pub.impressions", Ask.Request($"SELECT count(*){Customers}", "brand"), Examples.Media),
        Of(
            VerdictCodes.Template,
            Ask.Request(null) with { TemplateDigest = Digest.Of([]) },
            "use a template of this contract's version",
            Ask.ByTemplate(_templates, "old", "agency", ("least", "30")),
            _templates),
        Of(
            VerdictCodes.ProfileMismatch,
            "SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.email_sha256",
            "join columns of the same identifier profile",
            "SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.email_sha256 = i.email_sha256"),
    ];

    public static TheoryData<int> Indexes => [.. Enumerable.Range(0, _examples.Length)];

    [Theory]
    [MemberData(nameof(Indexes))]
    public async Task SmallestChange_made_passes(int index)
    {
        var (code, question, says, after, contract) = _examples[index];

        var before = (await fixture.Binder.AnalyseAsync(contract, question)).Verdict;
        var changed = (await fixture.Binder.AnalyseAsync(contract, after)).Verdict;

        before.Decision.Should().Be(VerdictDecision.Refuse);
        before.Owners.SelectMany(owner => owner.Changes)
            .Where(change => change.Code.Split(':')[0] == code && change.Pointer is null)
            .Should().Contain(change => change.Text.Contains(says, StringComparison.Ordinal) && change.By == question.Analyst);
        before.Owners.Should().Contain(owner => owner.SmallestChange != null && owner.SmallestChange.Contains(says, StringComparison.Ordinal));
        changed.Codes.Should().BeEmpty();
    }

    [Fact]
    public void Every_code_hasAnExample() => _examples.Select(one => one.Code).Distinct().Should().BeEquivalentTo(CodesTests.Refusals);

    private static Example Of(string code, string question, string says, string after) =>
        Of(code, Ask.Request(question), says, Ask.Request(after), Examples.Media);

    private static Example Of(string code, AnalysisRequest question, string says, AnalysisRequest after, Contract contract) =>
        new(code, question, says, after, contract);
}
