using CleanRoom.Benchmarks.Ratios;
using CleanRoom.Benchmarks.Rooms;
using CleanRoom.Benchmarks.Running;

namespace CleanRoom.Benchmarks.Cohort;

/// <summary>Questions to the three institutions of the example, on its 17,549 people and 400,123 results of tests, the same in both tiers.</summary>
internal static class CohortMeasures
{
    private const string Minimum = " HAVING count(DISTINCT r.id) >= 50";

    private const string Off = "off";
    private const string Enforced = "enforce";

    private static readonly (string Name, string Sql, string Order)[] s_questions =
    [
        ("results by status", "SELECT r.status, count(*) AS tests, sum(t.value) AS total{again} FROM {registry} r JOIN {laboratory} t ON r.id = t.id WHERE t.test = 'hdl' GROUP BY r.status", " ORDER BY r.status"),
        ("people by event and sex", "SELECT e.event, r.male, count(DISTINCT r.id) AS people{again} FROM {registry} r JOIN {hospital} e ON r.id = e.id GROUP BY e.event, r.male", " ORDER BY e.event, r.male"),
        ("results by test and event", "SELECT t.test, e.event, count(*) AS n, sum(t.value) AS total{again} FROM {registry} r JOIN {laboratory} t ON r.id = t.id JOIN {hospital} e ON r.id = e.id GROUP BY t.test, e.event", " ORDER BY t.test, e.event"),
    ];

    /// <summary>Gets the measures.</summary>
    public static RatioSuite Suite { get; } = new("nafld", TakeAsync);

    private static async IAsyncEnumerable<Ratio> TakeAsync(Choice choice)
    {
        foreach (var history in new[] { Off, Enforced })
        {
            // Of the third question the audit withholds groups that differ by few people, as it must; a plain answer to compare it with there is not.
            var wanted = s_questions.Take(history == Off ? s_questions.Length : s_questions.Length - 1).Select(one => new RoomQuestion($"nafld/{one.Name}, history {history}", one.Sql + one.Order, Goal: null)
            {
                PlainSql = one.Sql + Minimum + one.Order, Against = "plain DuckDB on plain zstd Parquet, with the same threshold",
            }).Where(question => choice.Wants(question.Name)).ToList();
            if (wanted.Count == 0)
            {
                continue;
            }

            using var plain = new PlainEngine();
            using var room = await BenchmarkRoom.SupplyAsync(new CohortFiles(history), plain, RoomSettings.Of(isKept: false));
            foreach (var question in wanted)
            {
                yield return await Ratio.TakeAsync(question.Beside(room, plain), choice);
            }
        }
    }
}
