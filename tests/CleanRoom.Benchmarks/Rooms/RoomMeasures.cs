using CleanRoom.Benchmarks.Ratios;
using CleanRoom.Benchmarks.Running;
using CleanRoom.Engine.Loading;

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>Whole answers of a room beside plain DuckDB: from the signed question to the row of its sealed answer.</summary>
internal static class RoomMeasures
{
    private const string ByRegion = "SELECT p.region, count(*) AS n, sum(v.amount) AS total{again} FROM {people} p JOIN {rows} v ON p.id = v.id GROUP BY p.region ORDER BY p.region";
    private const string PeopleByRegion =
        "SELECT p.region, count(DISTINCT p.id) AS people, sum(v.amount) AS total{again} FROM {people} p JOIN {rows} v ON p.id = v.id GROUP BY p.region ORDER BY p.region";

    private const string ByKind = "SELECT v.kind, count(*) AS n, sum(v.amount) AS total{again} FROM {rows} v GROUP BY v.kind ORDER BY v.kind";
    private const string Sixth = "SELECT v.kind, count(*) AS n, sum(v.amount) AS total{again} FROM {rows} v WHERE v.day BETWEEN 60 AND 119 GROUP BY v.kind ORDER BY v.kind";

    // Of no group do the rows prove that 50 people are behind them: 49 people could have them all. Spec: 0008 s.15.
    private const string NothingIsProven =
        "SELECT max(n) <= 49 * (SELECT max(n) FROM (SELECT count(*) AS n FROM {rows} GROUP BY id)) FROM (SELECT count(*) AS n FROM {people} p JOIN {rows} v ON p.id = v.id GROUP BY p.region)";

    private const double GoalAgain = 0.75;
    private const double GoalSelective = 1.10;
    private const double GoalToken = 0.45;
    private const double GoalEncrypted = 1 / 2.2;
    private const double GoalCounted = 1.5;

    // One person has a four-hundredth of all rows: then (minUnits - 1) people could have all rows of a group, and none is proven by its rows.
    private const int HeavyPart = 400;

    /// <summary>Gets the questions over rows that prove people, each kind of key, and some of them asked again.</summary>
    public static RatioSuite Rooms { get; } = new("rooms", RoomsAsync);

    /// <summary>Gets the questions where rows prove nobody, so that people are counted exactly in both datasets.</summary>
    public static RatioSuite Counted { get; } = new("counted", choice => TakeAsync(
        choice,
        Data(choice, JoinKey.Number) with { HeavyRows = RoomSize.Of(choice).Rows / HeavyPart },
        isKept: false,
        new RoomQuestion("counted/q1 int64 join", ByRegion, GoalCounted) { Premise = NothingIsProven },
        new RoomQuestion("counted/q2 distinct people", PeopleByRegion, GoalCounted) { Premise = NothingIsProven }));

    /// <summary>Gets the joins by match keys, which the plain files hold as 64 hex digits.</summary>
    public static RatioSuite Tokens { get; } = new("tokens", choice => SeveralAsync(
        TakeAsync(choice, Data(choice, JoinKey.Token), isKept: false, new RoomQuestion("tokens/uuid of 16 bytes", ByRegion, GoalToken) { Against = Hex }),
        TakeAsync(choice, Data(choice, JoinKey.Email), isKept: false, new RoomQuestion("tokens/profile, 32 bytes", ByRegion, Goal: null) { Against = Hex })));

    /// <summary>Gets the read path beside encrypted Parquet.</summary>
    public static RatioSuite Encrypted { get; } = new("encrypted", choice => TakeAsync(
        choice,
        Data(choice, JoinKey.Number) with { IsAlsoEncrypted = true },
        isKept: false,
        new RoomQuestion("encrypted/all rows by kind", ByKind, GoalEncrypted) { Against = Cipher, PlainSql = ByKind.Replace("{rows}", "{encrypted rows}", StringComparison.Ordinal) },
        new RoomQuestion("encrypted/one row group in six", Sixth, Goal: null) { Against = Cipher, PlainSql = Sixth.Replace("{rows}", "{encrypted rows}", StringComparison.Ordinal) }));

    /// <summary>Gets the selective scan from the sealed object to the engine's rows: what a silo adds to DuckDB.</summary>
    public static RatioSuite Scan { get; } = new("scan", ScanAsync);

    private static string Hex => "plain DuckDB joining 64 hex digits in plain zstd Parquet, no threshold";

    private static string Cipher => "DuckDB on its own encrypted zstd Parquet, with the module that it bundles, no threshold";

    private static IAsyncEnumerable<Ratio> RoomsAsync(Choice choice) => SeveralAsync(
        [.. new[] { JoinKey.Number, JoinKey.Digest, JoinKey.Uuid }.SelectMany(key => new[] { false, true }, (key, isKept) =>
            TakeAsync(choice, Data(choice, key), isKept, [.. Questions(key, isKept)]))]);

    private static async IAsyncEnumerable<Ratio> ScanAsync(Choice choice)
    {
        const string name = "scan/one row group in six, from sealed object to rows";
        if (!choice.Wants(name))
        {
            yield break;
        }

        var data = Data(choice, JoinKey.Number);
        using var plain = new PlainEngine();
        await using var path = await ReadPath.MakeAsync(data, plain);
        var sql = Sixth.Replace("{again}", string.Empty, StringComparison.Ordinal);
        List<string[]> expected = [];
        yield return await Ratio.TakeAsync(
            new RatioMeasure(
                name,
                RoomQuestion.Plain,
                GoalSelective,
                async () =>
                {
                    var (rows, took) = await path.AskAsync(sql.Replace("{rows}", "engine_input_0", StringComparison.Ordinal), ["kind", "day", "amount"], new ColumnWithin("day", 60, 119));
                    RoomQuestion.RequireSame(name, rows, expected);
                    return took;
                },
                () =>
                {
                    (expected, var took) = plain.Ask(data.OfPlain(sql, path.Folder));
                    return Task.FromResult(took);
                }),
            choice);
    }

    private static IEnumerable<RoomQuestion> Questions(JoinKey key, bool isKept)
    {
        var (again, goal) = isKept ? (", asked again", GoalAgain) : (string.Empty, 1.06);
        if (key != JoinKey.Number)
        {
            return [new RoomQuestion($"room/{(key == JoinKey.Digest ? "q3 digest join" : "q7 uuid join")}{again}", ByRegion, goal)];
        }

        return
        [
            new RoomQuestion($"room/q1 int64 join{again}", ByRegion, goal),
            new RoomQuestion($"room/q2 distinct people{again}", PeopleByRegion, GoalCounted),
            new RoomQuestion($"room/selective scan, one row group in six{again}", Sixth, isKept ? GoalAgain : GoalSelective),
        ];
    }

    private static BenchmarkData Data(Choice choice, JoinKey key) => new(key, RoomSize.Of(choice).People, RoomSize.Of(choice).Rows);

    private static async IAsyncEnumerable<Ratio> SeveralAsync(params IAsyncEnumerable<Ratio>[] all)
    {
        foreach (var some in all)
        {
            await foreach (var one in some)
            {
                yield return one;
            }
        }
    }

    /// <summary>Takes questions about one room.</summary>
    private static async IAsyncEnumerable<Ratio> TakeAsync(Choice choice, BenchmarkData data, bool isKept, params RoomQuestion[] questions)
    {
        var wanted = questions.Where(question => choice.Wants(question.Name)).ToList();
        if (wanted.Count == 0)
        {
            yield break;
        }

        using var plain = new PlainEngine();
        using var room = await BenchmarkRoom.SupplyAsync(data, plain, RoomSettings.Of(isKept));
        foreach (var question in wanted)
        {
            yield return await Ratio.TakeAsync(question.Beside(room, plain), choice);
        }
    }
}
