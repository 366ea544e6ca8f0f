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
        var first = Time(measure);
        var (own, other) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = 0; round < rounds; round++)
        {
            other.Add(Time(baseline));
            own.Add(Time(measure));
        }

        return new Measured(measure.Name, first, Median(own), Median(other), measure.Goal, measure.Note?.Invoke());
    }

    private static TimeSpan Time(Measure measure)
    {
        var started = Stopwatch.GetTimestamp();
        measure.Run();
        return Stopwatch.GetElapsedTime(started);
    }

    private static TimeSpan Median(List<TimeSpan> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }
}
