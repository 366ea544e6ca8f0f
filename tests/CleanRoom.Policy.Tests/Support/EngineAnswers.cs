using CleanRoom.Policy.Binding;

namespace CleanRoom.Policy.Tests.Support;

/// <summary>What the real engine says of a text.</summary>
/// <param name="Sql">The text.</param>
/// <param name="Tree">Its parse tree.</param>
/// <param name="Plan">Its bound plan under the media contract.</param>
internal sealed record EngineAnswers(string Sql, string Tree, string Plan)
{
    private static readonly string[] _accepted =
    [
        "SELECT c.region, count(*) AS n, sum(c.ltv) / nullif(count(*), 0) AS mean FROM brand.customers c JOIN pub.impressions i "
            + "ON c.user_id = i.user_id WHERE c.age BETWEEN 20 AND 60 AND i.device IN ('ios', 'web') GROUP BY c.region "
            + "HAVING count(DISTINCT i.user_id) > 100 ORDER BY n DESC LIMIT 5",
        "WITH a AS (SELECT user_id AS u, segment FROM brand.customers WHERE NOT (segment IS NULL OR age > 90)) "
            + "SELECT date_trunc('week', o.ts) AS w, a.segment, avg(o.amount) FROM a JOIN brand.orders o ON a.u = o.user_id "
            + "WHERE o.ts < DATE '2026-07-01' GROUP BY 1, 2",
        "SELECT * FROM (SELECT campaign, count(DISTINCT email_sha256) AS e FROM pub.impressions GROUP BY campaign) WHERE e >= 10 ORDER BY e",
    ];

    /// <summary>Asks for the answers to accepted texts that between them use every part of the language.</summary>
    public static async Task<IReadOnlyList<EngineAnswers>> OfAcceptedAsync(ISqlBinder binder)
    {
        var answers = new List<EngineAnswers>();
        foreach (var sql in _accepted)
        {
            answers.Add(new EngineAnswers(
                sql,
                await binder.ParseAsync(sql, Ask.Cancellation),
                await binder.BindAsync(SchemaDdl.For(Examples.Media), sql, Ask.Cancellation)));
        }

        return answers;
    }
}
