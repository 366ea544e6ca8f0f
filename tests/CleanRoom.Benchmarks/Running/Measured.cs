namespace CleanRoom.Benchmarks.Running;

/// <summary>The times of a measure.</summary>
/// <param name="Name">Of the measure.</param>
/// <param name="First">The first run, which also loads and compiles what it needs.</param>
/// <param name="Median">Of the rounds after it.</param>
/// <param name="CpuMedian">The time that all threads of the process had a processor in these rounds.</param>
/// <param name="BaselineMedian">Of the baseline, run before the measure in each round.</param>
/// <param name="Goal">Of the measure.</param>
/// <param name="IsPerCore">Whether the goal is about <paramref name="CpuMedian"/>.</param>
/// <param name="Note">Of the measure.</param>
internal sealed record Measured(string Name, TimeSpan First, TimeSpan Median, TimeSpan CpuMedian, TimeSpan BaselineMedian, TimeSpan? Goal, bool IsPerCore, string? Note)
{
    /// <summary>Gets how many baselines the measure takes: what stays when the machine changes.</summary>
    public double Baselines => Median / BaselineMedian;

    /// <summary>Gets <c>met</c>, <c>missed</c>, or nothing where there is no goal.</summary>
    public string Verdict => Goal is not { } goal ? string.Empty : (IsPerCore ? CpuMedian : Median) <= goal ? "met" : "missed";
}
