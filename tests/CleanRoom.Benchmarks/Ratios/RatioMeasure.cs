namespace CleanRoom.Benchmarks.Ratios;

/// <summary>Something of ours beside what somebody would use instead, on the same data in the same run.</summary>
/// <param name="Name">Group, a slash and the case: <c>room/q1 int64 join</c>. <c>--only</c> takes the beginning of it.</param>
/// <param name="Against">The baseline, in words.</param>
/// <param name="Goal">What the ratio, ours divided by the baseline, may be at most; null where there is no goal.</param>
/// <param name="Ours">Does it once and returns how long it took. Throws when the outcome is not what it must be.</param>
/// <param name="Baseline">The same of the baseline, which goes first in each round.</param>
internal sealed record RatioMeasure(string Name, string Against, double? Goal, Func<Task<TimeSpan>> Ours, Func<Task<TimeSpan>> Baseline)
{
    private const int Half = 50;

    /// <summary>Gets what ours may take at most by itself.</summary>
    /// <value>Milliseconds; null where the ratio alone counts.</value>
    public double? GoalMs { get; init; }

    /// <summary>Gets what stands for the rounds.</summary>
    /// <value>Percent of the rounds that do not take longer. Default 50, the median.</value>
    public int Percentile { get; init; } = Half;

    /// <summary>Gets how many rounds are taken, where it is another number than that of the tier.</summary>
    /// <value>An odd number, or a hundred and more for a high percentile.</value>
    public int? Rounds { get; init; }

    /// <summary>Gets a value that says whether there is a first round that is not counted.</summary>
    /// <value>False for what takes minutes. Default true.</value>
    public bool IsWarmedUp { get; init; } = true;

    /// <summary>Gets what is said besides, read at the end; null where there is nothing.</summary>
    public Func<string>? Note { get; init; }
}
