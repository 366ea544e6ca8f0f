using System.Collections.Immutable;
using CleanRoom.Engine.Binding;
using CleanRoom.Engine.Hosting;
using CleanRoom.Policy;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;

namespace CleanRoom.Benchmarks.Measures;

/// <summary>What the room says of a query, as the node computes it: two messages to the isolated process, two gates and a verdict.</summary>
internal static class ExplainMeasures
{
    /// <summary>An analyst who types must not wait.</summary>
    private static readonly TimeSpan s_goal = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private static readonly (string Name, string Sql, bool Passes)[] s_texts =
    [
        ("5 tables", "SELECT c.region, i.device, date_trunc('week', o.ts) AS week, count(*) AS n, sum(o.amount) AS amount, avg(i.spend) AS spend, "
            + "count(DISTINCT c.user_id) AS people FROM brand.customers c JOIN brand.orders o ON o.user_id = c.user_id "
            + "JOIN pub.impressions i ON i.user_id = c.user_id JOIN agency.seeds s ON s.user_id = c.user_id "
            + "JOIN brand.customers d ON d.user_id = c.user_id WHERE c.age BETWEEN 20 AND 60 AND i.campaign IN ('a', 'b') AND d.segment <> 'z' "
            + "GROUP BY ALL HAVING count(*) > 100 ORDER BY n DESC LIMIT 10", true),
        ("5 tables, refused for 4 reasons", "SELECT c.user_id, o.ts, count(*) AS n, sum(c.age) FROM brand.customers c JOIN brand.orders o ON o.user_id = c.user_id "
            + "JOIN pub.impressions i ON i.user_id = c.user_id JOIN agency.seeds s ON s.user_id = c.user_id "
            + "JOIN brand.customers d ON d.user_id = c.user_id WHERE c.vip GROUP BY ALL", false),
    ];

    /// <summary>Gets the example contract of four datasets.</summary>
    public static Contract Contract { get; } =
        DocumentCodec.FromPerson<Contract>(File.ReadAllBytes(RepositoryFiles.Committed("contracts", "examples", "media", "contract.json"))).Value;

    /// <summary>Returns a measure for each text.</summary>
    public static IEnumerable<Measure> All() => Texts().Select(text => new Measure($"explain/{text.Name}", s_goal, text.Explain));

    /// <summary>Returns each text with what explains it once, under the contract.</summary>
    public static IEnumerable<(string Name, string Sql, Action Explain)> Texts()
    {
        var (contract, digest) = (Contract, DocumentCodec.DigestOf(Contract));

        // Lives as long as the program: a process that was started for one text serves the next ones.
        var binder = new Lazy<IsolatedSqlBinder>(() => new IsolatedSqlBinder(
            new EngineHost(new EngineOptions { StartTimeout = s_patience }, TimeProvider.System), new SqlBinderOptions { WallClock = s_patience }));
        foreach (var (name, sql, passes) in s_texts)
        {
            var request = new AnalysisRequest
            {
                Analyst = "agency",
                Sql = sql,
                TemplateDigest = null,
                Parameters = ImmutableSortedDictionary<string, string>.Empty,
                Receivers = ["agency"],
            };
            yield return (name, sql, () =>
            {
                var analysis = new QueryAnalyzer(binder.Value).AnalyzeAsync(contract, digest, request, CancellationToken.None).GetAwaiter().GetResult();
                Outcome.Require(analysis.Plan is not null == passes && (passes || analysis.Verdict.Codes.Length == 4), name);
            });
        }
    }
}
