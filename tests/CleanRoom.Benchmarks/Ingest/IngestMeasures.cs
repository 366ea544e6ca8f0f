using System.Diagnostics;
using System.Globalization;
using CleanRoom.Benchmarks.Measures;
using CleanRoom.Benchmarks.Ratios;
using CleanRoom.Benchmarks.Running;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Benchmarks.Ingest;

/// <summary>The ingest of sealed CSV beside DuckDB's conversion of the same file to zstd Parquet.</summary>
/// <remarks>Ours opens sealed parts, checks every cell, counts units and equal rows, splits by unit, and seals; DuckDB reads a plain file and checks types.</remarks>
internal static class IngestMeasures
{
    private const double Goal = 1.10;
    private const long GoalBytes = 1_000_000_000;
    private const long WarmUpBytes = 128_000_000;
    private const long FullBytes = 5_000_000_000;
    private const long QuickBytes = 256L << 20;

    private sealed record Once(TimeSpan Took, TimeSpan Processor, long PeakBytes, long Written);

    /// <summary>Gets the measure.</summary>
    public static RatioSuite Suite { get; } = new("ingest", TakeAsync);

    private static async IAsyncEnumerable<Ratio> TakeAsync(Choice choice)
    {
        var name = choice.IsFull ? "ingest/5 GB of sealed CSV" : "ingest/sealed CSV";
        if (!choice.Wants(name))
        {
            yield break;
        }

        using var directory = new TemporaryDirectory();
        var (small, large) = (directory.File("small"), directory.File("large"));
        await new IngestUpload(small).MakeAsync(WarmUpBytes);
        var bytes = await new IngestUpload(large).MakeAsync(choice.IsFull ? FullBytes : QuickBytes);
        var (duckdb, ours) = (new List<Once>(), new List<Once>());
        yield return await Ratio.TakeAsync(
            new RatioMeasure(
                name,
                "DuckDB's conversion of the plain CSV to zstd Parquet",
                Goal,
                () => TakeOnceAsync("ours", small, large, ours),
                () => TakeOnceAsync("duckdb", small, large, duckdb))
            {
                // Each is a process of its own, which warms itself up.
                IsWarmedUp = false,
                Note = () => NoteOf(bytes, duckdb, ours),
            },
            choice);
    }

    private static async Task<TimeSpan> TakeOnceAsync(string who, string small, string large, List<Once> taken)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["ingest-once", who, small, large]) { RedirectStandardOutput = true })!;
        var line = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Outcome.Require(process.ExitCode == 0, $"ingest of {who}");
        var numbers = line.Split(' ').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToList();
        Outcome.Require(numbers[3] > 0, $"Parquet of {who}");
        taken.Add(new Once(TimeSpan.FromMilliseconds(numbers[0]), TimeSpan.FromMilliseconds(numbers[1]), numbers[2], numbers[3]));
        return taken[^1].Took;
    }

    private static string NoteOf(long bytes, List<Once> duckdb, List<Once> ours)
    {
        var peak = ours.Max(once => once.PeakBytes);
        return FormattableString.Invariant(
            $"{bytes / 1e6:F0} MB; at most {peak / 1e6:F0} MB of memory (goal {GoalBytes / 1e6:F0} MB: {(peak < GoalBytes ? "met" : "missed")}), DuckDB {duckdb.Max(once => once.PeakBytes) / 1e6:F0} MB; ")
            + FormattableString.Invariant($"processors {ours.Select(once => once.Processor).Median().TotalSeconds:F1} s, DuckDB {duckdb.Select(once => once.Processor).Median().TotalSeconds:F1} s; ")
            + FormattableString.Invariant($"Parquet {ours[0].Written / 1e6:F0} MB, DuckDB {duckdb[0].Written / 1e6:F0} MB");
    }
}
