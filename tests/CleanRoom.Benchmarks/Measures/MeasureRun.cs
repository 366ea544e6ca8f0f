using CleanRoom.Benchmarks.Running;

namespace CleanRoom.Benchmarks.Measures;

/// <summary>Prints the median time of every measure beside that of a baseline, and writes both to <c>results/benchmarks.json</c>.</summary>
internal static class MeasureRun
{
    private const int FullRounds = 51;
    private const int QuickRounds = 5;

    /// <summary>Runs. A goal that is missed is said and is no failure: what a machine is busy with is not the program's fault.</summary>
    /// <param name="args"><c>[--tier quick|full] [--only NAME]</c>.</param>
    /// <param name="verbs">What else the program can be told, for whoever tells it something else.</param>
    /// <returns>0 measured, 1 usage or nothing to measure.</returns>
    public static int Run(string[] args, IEnumerable<string> verbs)
    {
        if (!Choice.TryParse(args, out var choice))
        {
            Console.Error.WriteLine($"usage: [all|{string.Join('|', verbs)}|load] [--tier quick|full] [--only NAME], compare [--with COMMIT], plot");
            return 1;
        }

        var rounds = choice.IsFull ? FullRounds : QuickRounds;
        var baseline = Baseline.P384();
        baseline.Run();
        List<Measured> taken = [];
        Console.WriteLine(ResultFile.Machine);
        Console.WriteLine($"{"measure",-52}{"first ms",10}{"median ms",11}{"cpu ms",10}{"baseline",10}{"times",8}  goal");
        foreach (var measure in AllMeasures.Of().Where(measure => choice.Wants(measure.Name)))
        {
            var one = Stopwatches.Take(measure, baseline, rounds);
            taken.Add(one);
            Console.WriteLine(
                $"{one.Name,-52}{one.First.TotalMilliseconds,10:F1}{one.Median.TotalMilliseconds,11:F2}{one.CpuMedian.TotalMilliseconds,10:F2}{one.BaselineMedian.TotalMilliseconds,10:F2}{one.Baselines,8:F1}  {(one.Goal is { } goal ? $"{goal.TotalMilliseconds:F0} ms{(one.IsPerCore ? " of a core" : string.Empty)} {one.Verdict}" : string.Empty)}{(one.Note is { } note ? $"  {note}" : string.Empty)}");
        }

        if (taken.Count == 0)
        {
            Console.Error.WriteLine($"no measure begins with {choice.Only}");
            return 1;
        }

        Console.WriteLine($"written to {ResultFile.Write(choice.Tier, rounds, taken)}");
        return 0;
    }
}
