using System.Globalization;
using System.Text.Json.Nodes;
using CleanRoom.Benchmarks.Measures;
using CleanRoom.Benchmarks.Ratios;

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>How many rows there are.</summary>
internal sealed record RoomSize(long People, long Rows)
{
    public static RoomSize Full { get; } = new(5_000_000, 20_000_000);

    public static RoomSize Quick { get; } = new(50_000, 200_000);
}

/// <summary>Whole answers of a room beside plain DuckDB on plain Parquet: from the signed question to the row of its sealed answer.</summary>
internal static class RoomMeasures
{
    private const string Plain = "plain DuckDB on plain zstd Parquet, no threshold";

    private static readonly (string Name, JoinKey Key, string Sql, double Goal)[] s_questions =
    [
        ("q1 int64 join", JoinKey.Number, "SELECT p.region, count(*) AS n, sum(v.amount) AS total FROM {people} p JOIN {rows} v ON p.id = v.id GROUP BY p.region ORDER BY p.region", 1.06),
        ("q3 digest join", JoinKey.Digest, "SELECT p.region, count(*) AS n, sum(v.amount) AS total FROM {people} p JOIN {rows} v ON p.id = v.id GROUP BY p.region ORDER BY p.region", 1.06),
        ("q7 uuid join", JoinKey.Uuid, "SELECT p.region, count(*) AS n, sum(v.amount) AS total FROM {people} p JOIN {rows} v ON p.id = v.id GROUP BY p.region ORDER BY p.region", 1.06),
        ("q2 distinct people", JoinKey.Number, "SELECT p.region, count(DISTINCT p.id) AS people, sum(v.amount) AS total FROM {people} p JOIN {rows} v ON p.id = v.id GROUP BY p.region ORDER BY p.region", 1.5),
        ("selective scan, one row group in six", JoinKey.Number, "SELECT v.kind, count(*) AS n, sum(v.amount) AS total FROM {rows} v WHERE v.day BETWEEN 60 AND 119 GROUP BY v.kind ORDER BY v.kind", 1.10),
    ];

    /// <summary>Takes the times of every question whose name begins so.</summary>
    public static async Task<List<Ratio>> TakeAsync(RoomSize size, int rounds, string only)
    {
        var taken = new List<Ratio>();
        using var plain = new PlainEngine();
        foreach (var group in s_questions.Where(one => $"room/{one.Name}".StartsWith(only, StringComparison.Ordinal)).GroupBy(one => one.Key))
        {
            var data = new BenchmarkData(group.Key, size.People, size.Rows);
            foreach (var isKept in new[] { false, true })
            {
                using var room = await BenchmarkRoom.SupplyAsync(data, plain, Settings(isKept));
                foreach (var question in group)
                {
                    var ratio = await Ratio.TakeAsync(Of(question, room, plain, isKept), rounds);
                    taken.Add(ratio);
                    RatioTable.Print(ratio);
                }
            }
        }

        return taken;
    }

    /// <summary>A row as text in which equal numbers look alike.</summary>
    private static string Line(string[] row) => string.Join('|', row.Select(cell => decimal.TryParse(cell, CultureInfo.InvariantCulture, out var number)
        ? (number / 1.000000000000000000m).ToString(CultureInfo.InvariantCulture)
        : cell));

    private static JsonObject Settings(bool isKept) => new()
    {
        ["logLevel"] = "Warning",
        ["limits"] = new JsonObject { ["engineMemoryBytes"] = 4L << 30, ["keptBytes"] = isKept ? 2L << 30 : 0 },
    };

    private static RatioMeasure Of((string Name, JoinKey Key, string Sql, double Goal) question, BenchmarkRoom room, PlainEngine plain, bool isKept)
    {
        var number = 0;
        List<string[]> expected = [];
        return new RatioMeasure(
            $"room/{question.Name}{(isKept ? ", asked again" : string.Empty)}",
            Plain,
            isKept && question.Goal < 1.1 ? 0.75 : question.Goal,
            async () =>
            {
                // Another name of a column: another question, which is not answered from an earlier answer.
                var (rows, took) = await room.AskAsync(question.Sql.Replace("AS total", string.Create(CultureInfo.InvariantCulture, $"AS total{number++}"), StringComparison.Ordinal));
                var (ours, theirs) = (rows.Select(Line), expected.Select(Line));
                var differing = ours.Zip(theirs).FirstOrDefault(pair => pair.First != pair.Second);
                Outcome.Require(rows.Count == expected.Count && differing == default, $"{question.Name}: {rows.Count} rows and {expected.Count}, {differing}");
                return took;
            },
            () =>
            {
                (expected, var took) = plain.Ask(BenchmarkData.OfPlain(question.Sql, room.Folder));
                return Task.FromResult(took);
            })
        {
            Note = () => string.Create(CultureInfo.InvariantCulture, $"node at most {room.Node.PeakBytes >> 20} MiB"),
        };
    }
}
