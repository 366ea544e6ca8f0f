namespace CleanRoom.Benchmarks.Ratios;

/// <summary>Something of ours beside what somebody would use instead, on the same data in the same run.</summary>
/// <param name="Name">Group, a slash and the case: <c>query/q1 cold</c>.</param>
/// <param name="Against">The baseline, in words.</param>
/// <param name="Goal">What the ratio, ours divided by the baseline, may be at most; null where there is no goal.</param>
/// <param name="Ours">Does it once and returns how long it took. Throws when the outcome is not what it must be.</param>
/// <param name="Baseline">The same of the baseline.</param>
internal sealed record RatioMeasure(string Name, string Against, double? Goal, Func<Task<TimeSpan>> Ours, Func<Task<TimeSpan>> Baseline)
{
    /// <summary>Gets what is said besides, read at the end; null where there is nothing.</summary>
    public Func<string>? Note { get; init; }
}
