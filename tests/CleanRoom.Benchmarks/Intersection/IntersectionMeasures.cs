using CleanRoom.Benchmarks.Measures;
using CleanRoom.Benchmarks.Ratios;
using CleanRoom.Benchmarks.Rooms;
using CleanRoom.Benchmarks.Running;

namespace CleanRoom.Benchmarks.Intersection;

/// <summary>How many people two lists have in common, from the signed question to the answer in clear.</summary>
internal static class IntersectionMeasures
{
    private const string Sql = "SELECT count(*) AS n{again} FROM {left} l JOIN {right} r ON l.id = r.id";
    private const string Psi = "@openmined/psi.js 2.0.6 in Node.js, another trust model: two parties and no machine that both trust";
    private const double GoalPsi = 0.001;
    private const double GoalPlain = 1.3;

    /// <summary>Gets the measures.</summary>
    public static RatioSuite Suite { get; } = new("intersection", TakeAsync);

    private static async IAsyncEnumerable<Ratio> TakeAsync(Choice choice)
    {
        var (few, many) = choice.IsFull ? (100_000L, 10_000_000L) : (2_000L, 100_000L);
        var (sealedName, uploadName) = ("intersection/100k, from sealed data", "intersection/100k, with upload and ingest");
        using var plain = new PlainEngine();
        if (choice.Wants(sealedName) || choice.Wants(uploadName))
        {
            Outcome.Require(PsiProgram.Missing is null, PsiProgram.Missing ?? string.Empty);
            var files = new ListFiles(few);
            using var room = await BenchmarkRoom.SupplyAsync(files, plain, RoomSettings.Of(isKept: false));

            // Minutes: one run is beside both.
            var psi = new Lazy<Task<TimeSpan>>(() => PsiProgram.RunAsync(Path.Combine(room.Folder, "brand.csv"), Path.Combine(room.Folder, "publisher.csv"), files.Overlap));
            if (choice.Wants(sealedName))
            {
                yield return await Ratio.TakeAsync(Beside(sealedName, GoalPsi, () => AskAsync(room, files), psi), choice);
            }

            if (choice.Wants(uploadName))
            {
                yield return await Ratio.TakeAsync(Beside(uploadName, null, () => SupplyAndAskAsync(files, plain), psi), choice);
            }
        }

        var question = new RoomQuestion("intersection/10M, from sealed data", Sql, GoalPlain) { Counted = asked => asked.Opened, Against = "plain DuckDB joining UUIDs in plain zstd Parquet" };
        if (choice.Wants(question.Name))
        {
            using var room = await BenchmarkRoom.SupplyAsync(new ListFiles(many), plain, RoomSettings.Of(isKept: false));
            yield return await Ratio.TakeAsync(question.Beside(room, plain), choice);
        }
    }

    private static RatioMeasure Beside(string name, double? goal, Func<Task<TimeSpan>> ours, Lazy<Task<TimeSpan>> psi) =>
        new(name, Psi, goal, ours, () => psi.Value) { Rounds = 1, IsWarmedUp = false };

    private static async Task<TimeSpan> AskAsync(BenchmarkRoom room, ListFiles files) =>
        (await new RoomQuestion("intersection", Sql, null).AskAsync(room, [[FormattableString.Invariant($"{files.Overlap}")]])).Opened;

    private static async Task<TimeSpan> SupplyAndAskAsync(ListFiles files, PlainEngine plain)
    {
        using var room = await BenchmarkRoom.SupplyAsync(files, plain, RoomSettings.Of(isKept: false));
        return room.Supplied + await AskAsync(room, files);
    }
}
