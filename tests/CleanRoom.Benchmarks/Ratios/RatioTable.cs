using System.Text.Json;
using CleanRoom.Benchmarks.Running;
using CleanRoom.TestKit;

namespace CleanRoom.Benchmarks.Ratios;

/// <summary>Ratios as a table and as a file.</summary>
internal static class RatioTable
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Prints the head.</summary>
    public static void PrintHead()
    {
        Console.WriteLine(ResultFile.Machine);
        Console.WriteLine($"{"measure",-56}{"ours ms",10}{"baseline",10}{"ratio",8}  goal");
    }

    /// <summary>Prints a line.</summary>
    public static void Print(Ratio one) => Console.WriteLine(
        $"{one.Name,-56}{one.OursMs,10:F0}{one.BaselineMs,10:F0}{one.Times,8:F2}  {(one.Goal is { } goal ? $"{goal:F2} {one.Verdict}" : string.Empty)}{(one.Note is { } note ? $"  {note}" : string.Empty)}");

    /// <summary>Writes them: those of the full tier beside the code that made them, where they are committed.</summary>
    public static string Write(string tier, int rounds, string name, IReadOnlyList<Ratio> ratios)
    {
        var folder = tier == "full" ? RepositoryFiles.Committed("tests", "CleanRoom.Benchmarks", "results") : RepositoryFiles.Committed("results");
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, name + ".json");
        var content = new
        {
            At = DateTimeOffset.UtcNow,
            ResultFile.Machine,
            Tier = tier,
            Rounds = rounds,
            Measures = ratios.Select(one => new { one.Name, one.Against, one.Times, one.Goal, one.Verdict, one.OursMs, one.BaselineMs, one.Ours, one.Baseline, one.Note }),
        };
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(content, s_options));
        return path;
    }
}
