namespace CleanRoom.Benchmarks.Measures;

/// <summary>Something whose time is measured.</summary>
/// <param name="Name">Group, a slash and the case: <c>attest-verify/intel-tdx</c>. <c>--only</c> takes the beginning of it.</param>
/// <param name="Goal">The longest median; null where there is no goal.</param>
/// <param name="Run">Does it once, the same work each time. Throws when the work has another outcome than it must have.</param>
internal sealed record Measure(string Name, TimeSpan? Goal, Action Run)
{
    /// <summary>Gets a value that says whether the goal is about the time of a core: then it is compared with the time that the process had one.</summary>
    public bool IsPerCore { get; init; }

    /// <summary>Gets what is said besides the times, read when they are taken; null where there is nothing.</summary>
    public Func<string>? Note { get; init; }
}
