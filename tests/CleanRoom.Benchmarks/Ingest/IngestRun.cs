using System.Diagnostics;
using System.Globalization;
using CleanRoom.Benchmarks.Running;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Benchmarks.Ingest;

/// <summary>Compares the ingest of sealed CSV with DuckDB's conversion of the same file to zstd Parquet, in turns.</summary>
/// <remarks>
/// Ours opens sealed parts, checks every cell, counts units and equal rows, splits by unit, and seals; DuckDB reads a plain file and checks types.
/// Goal: at most 1.10 times DuckDB's time, with less than 1 GB of memory. A goal that is missed is said and is no failure.
/// </remarks>
internal static class IngestRun
{
    private const double GoalRatio = 1.10;
    private const long GoalBytes = 1_000_000_000;
    private const long WarmUpBytes = 128_000_000;

    private sealed record Once(double Milliseconds, double ProcessorMilliseconds, long PeakBytes, long Written);

    /// <summary>Runs it.</summary>
    /// <returns>0 measured, 1 usage.</returns>
    public static async Task<int> RunAsync(IngestSize? size)
    {
        if (size is null)
        {
            Console.Error.WriteLine("usage: ingest [--tier quick|full] [--megabytes N] [--rounds N]");
            return 1;
        }

        using var directory = new TemporaryDirectory();
        var (small, large) = (directory.File("small"), directory.File("large"));
        await new IngestUpload(small).MakeAsync(WarmUpBytes);
        var bytes = await new IngestUpload(large).MakeAsync(size.Bytes);
        Console.WriteLine(ResultFile.Machine);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ingest/csv {size.Tier}: {bytes / 1e6:F0} MB, {size.Rounds} rounds"));
        var (duckdb, ours) = (new List<Once>(), new List<Once>());
        for (var round = 0; round < size.Rounds; round++)
        {
            duckdb.Add(await RunOnceAsync("duckdb", small, large));
            ours.Add(await RunOnceAsync("ours", small, large));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {duckdb[^1].Milliseconds,9:F0} ms duckdb {ours[^1].Milliseconds,9:F0} ms ours {ours[^1].Milliseconds / duckdb[^1].Milliseconds,6:F2}"));
        }

        Print("duckdb", duckdb, bytes);
        Print("ours", ours, bytes);
        var ratio = ours.Select(once => once.Milliseconds).Median() / duckdb.Select(once => once.Milliseconds).Median();
        var peak = ours.Max(once => once.PeakBytes);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ratio {ratio:F2} (goal {GoalRatio:F2}: {(ratio <= GoalRatio ? "met" : "missed")}), peak {peak / 1e6:F0} MB (goal {GoalBytes / 1e6:F0} MB: {(peak < GoalBytes ? "met" : "missed")})"));
        return 0;
    }

    private static async Task<Once> RunOnceAsync(string who, string small, string large)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["ingest-once", who, small, large]) { RedirectStandardOutput = true })!;
        var line = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var numbers = line.Split(' ').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToList();
        return new Once(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    private static void Print(string name, List<Once> taken, long bytes) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-8}{taken.Select(once => once.Milliseconds).Median(),10:F0} ms{bytes / 1e3 / taken.Select(once => once.Milliseconds).Median(),8:F0} MB/s{taken.Select(once => once.ProcessorMilliseconds).Median(),10:F0} ms of processors, peak {taken.Max(once => once.PeakBytes) / 1e6:F0} MB, {taken[0].Written / 1e6:F0} MB of Parquet"));
}
