using System.Runtime.InteropServices;
using System.Text.Json;
using CleanRoom.TestKit;

namespace CleanRoom.Benchmarks.Running;

/// <summary>Writes <c>results/benchmarks.json</c> below the repository's root.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Gets the machine in one line.</summary>
    public static string Machine => $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}";

    /// <summary>Writes the times in milliseconds and returns the path.</summary>
    public static string Write(string tier, int rounds, IReadOnlyList<Measured> measures)
    {
        var folder = Directory.CreateDirectory(RepositoryFiles.Committed("results")).FullName;
        var path = Path.Combine(folder, "benchmarks.json");
        var content = new
        {
            At = DateTimeOffset.UtcNow,
            Tier = tier,
            Rounds = rounds,
            Machine = new { RuntimeInformation.OSDescription, Environment.ProcessorCount, RuntimeInformation.FrameworkDescription },
            Measures = measures.Select(one => new
            {
                one.Name,
                FirstMs = one.First.TotalMilliseconds,
                MedianMs = one.Median.TotalMilliseconds,
                CpuMedianMs = one.CpuMedian.TotalMilliseconds,
                BaselineMedianMs = one.BaselineMedian.TotalMilliseconds,
                one.Baselines,
                GoalMs = one.Goal?.TotalMilliseconds,
                one.Verdict,
                one.Note,
            }),
        };
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(content, s_options));
        return path;
    }
}
