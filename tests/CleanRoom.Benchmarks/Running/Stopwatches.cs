using System.Diagnostics;
using CleanRoom.Benchmarks.Measures;

namespace CleanRoom.Benchmarks.Running;

/// <summary>Takes times, interleaved with the baseline so that both see the same machine.</summary>
internal static class Stopwatches
{
    /// <summary>Runs the measure once, then so many rounds of baseline and measure.</summary>
    /// <param name="rounds">An odd number.</param>
    public static Measured Take(Measure measure, Measure baseline, int rounds)
    {
        var first = Time(measure).Wall;
        var (own, cpu, other) = (new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = 0; round < rounds; round++)
        {
            other.Add(Time(baseline).Wall);
            var (wall, busy) = Time(measure);
            own.Add(wall);
            cpu.Add(busy);
        }

        return new Measured(measure.Name, first, own.Median(), cpu.Median(), other.Median(), measure.Goal, measure.IsPerCore, measure.Note?.Invoke());
    }

    private static (TimeSpan Wall, TimeSpan Cpu) Time(Measure measure)
    {
        var (started, busy) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        measure.Run();
        return (Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - busy);
    }
}
