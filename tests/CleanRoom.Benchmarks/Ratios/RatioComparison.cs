using System.Diagnostics;
using System.Text;
using CleanRoom.TestKit;

namespace CleanRoom.Benchmarks.Ratios;

/// <summary>Holds figures that were taken anew against those that are committed.</summary>
/// <remarks>
/// A ratio is worse when it is above the committed one by more than the tolerance. 15 per cent: rounds of one measure lie up to 8 per cent around their median on a quiet machine of two processors, so two medians
/// may be 10 apart by chance, and a change that costs less than 15 is not told from that. Where one round or a high percentile stands for all, 50. Where the goal is a time, the time is compared, on the same kind of machine alone: its
/// baseline takes microseconds, and its ratio says nothing.
/// </remarks>
internal static class RatioComparison
{
    private const double Tolerance = 1.15;
    private const double ToleranceOfOne = 1.5;
    private const int Half = 50;

    /// <summary>Compares the files of results in the working tree with those of a commit, line by line where the line is another.</summary>
    /// <returns>0 when none is worse; 1 when one is, or when nothing is new.</returns>
    public static int Run(string commit, IEnumerable<string> verbs)
    {
        var (compared, worse) = (0, 0);
        foreach (var verb in verbs)
        {
            var committed = Committed(commit, verb).Measures.ToDictionary(one => one.Name, StringComparer.Ordinal);
            foreach (var fresh in RatioFile.Read(RatioFile.Committed, verb).Measures)
            {
                if (!committed.TryGetValue(fresh.Name, out var before))
                {
                    Console.WriteLine($"{fresh.Name,-56} new");
                }
                else if (fresh.At != before.At)
                {
                    compared++;
                    worse += Compare(before, fresh) ? 0 : 1;
                }
            }
        }

        Console.WriteLine($"{compared} compared with {commit}, {worse} worse");
        return compared > 0 && worse == 0 ? 0 : 1;
    }

    /// <summary>Says how two lines differ.</summary>
    /// <returns>False when the fresh one is worse.</returns>
    private static bool Compare(Ratio before, Ratio fresh)
    {
        if (fresh.GoalMs is not null && fresh.Machine != before.Machine)
        {
            Console.WriteLine($"{fresh.Name,-56} not compared: a time of another machine");
            return true;
        }

        var (was, now) = fresh.GoalMs is null ? (before.Times, fresh.Times) : (before.OursMs, fresh.OursMs);
        var isWorse = now > was * (fresh.Percentile != Half || fresh.Ours.Length == 1 ? ToleranceOfOne : Tolerance);
        Console.WriteLine(FormattableString.Invariant($"{fresh.Name,-56}{was,10:G4} ->{now,10:G4}  {(isWorse ? "worse" : "no worse")}"));
        return !isWorse;
    }

    private static RatioFile Committed(string commit, string verb)
    {
        var path = Path.GetRelativePath(RepositoryFiles.Root, Path.Combine(RatioFile.Committed, verb + ".json"));
        using var process = Process.Start(new ProcessStartInfo("git", ["-C", RepositoryFiles.Root, "show", $"{commit}:{path}"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var trouble = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        _ = trouble.GetAwaiter().GetResult();

        // A verb that has no file yet has nothing to be compared with.
        return process.ExitCode == 0 ? RatioFile.Parse(Encoding.UTF8.GetBytes(text)) : new RatioFile([]);
    }
}
