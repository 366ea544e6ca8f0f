using System.Text.Json.Nodes;
using CleanRoom.Benchmarks.Measures;
using CleanRoom.Benchmarks.Ratios;
using CleanRoom.Benchmarks.Rooms;
using CleanRoom.Benchmarks.Running;

namespace CleanRoom.Benchmarks.Scale;

/// <summary>The same question on more silos, on more partitions, and on more rows. The baseline is ours too: one silo, one partition, the fewest rows.</summary>
internal static class ScaleMeasures
{
    private const string Sql = "SELECT p.region, count(*) AS n, sum(v.amount) AS total{again} FROM {people} p JOIN {rows} v ON p.id = v.id GROUP BY p.region ORDER BY p.region";
    private const double GoalOfLinear = 0.8;
    private const double GoalProcessor = 1.10;
    private const double GoalOfRow = 1.15;
    private const double GoalMemory = 4e9;
    private const int Partitions = 64;
    private const int RowsOfPerson = 4;

    // The set of people of an ingest holds 16 million: more rows are more rows of the same people. Spec: 0007 s.5.
    private const long MostPeople = 10_000_000;

    // A line of the people's file has at least so many bytes: a key, a comma, a region.
    private const int LeastLineBytes = 11;

    private static readonly RoomQuestion s_question = new("scale", Sql, Goal: null);

    /// <summary>Gets the measures.</summary>
    public static RatioSuite Suite { get; } = new("scale", TakeAsync);

    private static async IAsyncEnumerable<Ratio> TakeAsync(Choice choice)
    {
        using var plain = new PlainEngine();
        var data = new BenchmarkData(JoinKey.Number, RoomSize.Of(choice).People, RoomSize.Of(choice).Rows);
        if (choice.Wants("scale/64 partitions, time") || choice.Wants("scale/64 partitions, processors"))
        {
            using var one = await BenchmarkRoom.SupplyAsync(data, plain, Settings(int.MaxValue));
            using var many = await BenchmarkRoom.SupplyAsync(data, plain, Settings(data.People * LeastLineBytes / Partitions));
            foreach (var measure in Pair("scale/64 partitions", "one partition on the same node", 1 / GoalOfLinear, many, one, plain).Where(measure => choice.Wants(measure.Name)))
            {
                yield return await Ratio.TakeAsync(measure, choice);
            }
        }

        if (choice.Wants("scale/2 silos, time") || choice.Wants("scale/2 silos, processors"))
        {
            var settings = Settings(data.People * LeastLineBytes / 8);
            using var one = await BenchmarkRoom.SupplyAsync(data, plain, await ClusterUnderLoad.StartAsync(1, settings));
            using var two = await BenchmarkRoom.SupplyAsync(data, plain, await ClusterUnderLoad.StartAsync(2, settings));
            foreach (var measure in Pair("scale/2 silos", "one silo of one processor, the same partitions", 1 / (2 * GoalOfLinear), two, one, plain).Where(measure => choice.Wants(measure.Name)))
            {
                yield return await Ratio.TakeAsync(measure, choice);
            }
        }

        long[] sizes = choice.IsFull ? [50_000_000, 100_000_000, 200_000_000] : [500_000, 1_000_000, 2_000_000];
        foreach (var rows in sizes.Where(rows => choice.Wants(NameOf(rows))))
        {
            // Columns are in clear once, and go when the run ends: so memory is that of a run.
            using var few = await BenchmarkRoom.SupplyAsync(data, plain, Settings(PartitionBytes));
            using var many = await BenchmarkRoom.SupplyAsync(data with { People = Math.Min(rows / RowsOfPerson, MostPeople), Rows = rows }, plain, Settings(PartitionBytes));
            await using var memory = new MemoryWatch(many.Node);
            yield return await Ratio.TakeAsync(OfRows(rows, many, few, data.Rows, plain, memory), choice);
        }
    }

    private static long PartitionBytes => 512L << 20;

    private static string NameOf(long rows) => FormattableString.Invariant($"scale/{rows / 1e6:0.#}M rows, time of a row");

    private static JsonObject Settings(long partitionBytes)
    {
        var settings = RoomSettings.Of(isKept: false);
        settings["ingest"] = new JsonObject { ["partitionBytes"] = partitionBytes };
        return settings;
    }

    private static IEnumerable<RatioMeasure> Pair(string name, string against, double goal, BenchmarkRoom ours, BenchmarkRoom baseline, PlainEngine plain)
    {
        var expected = Expected(ours, plain);
        yield return new RatioMeasure($"{name}, time", against, goal, () => TimeAsync(ours, expected), () => TimeAsync(baseline, expected));
        yield return new RatioMeasure($"{name}, processors", against, GoalProcessor, () => ProcessorAsync(ours, expected), () => ProcessorAsync(baseline, expected));
    }

    private static RatioMeasure OfRows(long rows, BenchmarkRoom ours, BenchmarkRoom baseline, long fewest, PlainEngine plain, MemoryWatch memory)
    {
        var (ofOurs, ofBaseline) = (Expected(ours, plain), Expected(baseline, plain));
        return new RatioMeasure(
            NameOf(rows),
            FormattableString.Invariant($"the same of {fewest / 1e6:0.#}M rows; both as the time of {fewest / 1e6:0.#}M rows"),
            GoalOfRow,
            async () => await TimeAsync(ours, ofOurs) * ((double)fewest / rows),
            () => TimeAsync(baseline, ofBaseline))
        {
            Note = () => FormattableString.Invariant($"node and engines at most {memory.MostBytes / 1e6:F0} MB (goal {GoalMemory / 1e6:F0} MB: {(memory.MostBytes is > 0 and < (long)GoalMemory ? "met" : "missed")})"),
        };
    }

    private static List<string[]> Expected(BenchmarkRoom room, PlainEngine plain) =>
        plain.Ask(room.Data.OfPlain(Sql.Replace("{again}", string.Empty, StringComparison.Ordinal), room.Folder)).Rows;

    private static async Task<TimeSpan> TimeAsync(BenchmarkRoom room, List<string[]> expected) => (await s_question.AskAsync(room, expected)).Answered;

    /// <summary>The processor time of node and engines for one answer. Of an engine that is kept for the next question it counts with that one.</summary>
    private static async Task<TimeSpan> ProcessorAsync(BenchmarkRoom room, List<string[]> expected)
    {
        var before = ProcessTree.Processor(room.Node.Processes);
        _ = await s_question.AskAsync(room, expected);
        var took = ProcessTree.Processor(room.Node.Processes) - before;
        Outcome.Require(took > TimeSpan.Zero, "processor time");
        return took;
    }
}
