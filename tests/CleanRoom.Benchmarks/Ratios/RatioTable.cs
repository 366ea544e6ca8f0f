using CleanRoom.Benchmarks.Running;

namespace CleanRoom.Benchmarks.Ratios;

/// <summary>Ratios as a table.</summary>
internal static class RatioTable
{
    /// <summary>Prints the head.</summary>
    public static void PrintHead()
    {
        Console.WriteLine($"{ResultFile.Machine}, {SourceCommit.Name}");
        Console.WriteLine($"{"measure",-56}{"ours ms",10}{"baseline",10}{"ratio",9}  goal");
    }

    /// <summary>Prints a line.</summary>
    public static void Print(Ratio one) => Console.WriteLine(FormattableString.Invariant(
        $"{one.Name,-56}{one.OursMs,10:0.###}{one.BaselineMs,10:0.###}{one.Times,9:G4}  {Goal(one)}{(one.Note is { } note ? $"  {note}" : string.Empty)}"));

    private static string Goal(Ratio one) => string.Join(", ", new[]
    {
        one.Goal is { } goal ? FormattableString.Invariant($"{goal:G4}") : string.Empty,
        one.GoalMs is { } milliseconds ? FormattableString.Invariant($"{milliseconds:F0} ms") : string.Empty,
        one.Verdict,
    }.Where(text => text.Length > 0));
}
