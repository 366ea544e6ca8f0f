using System.Diagnostics.CodeAnalysis;

namespace CleanRoom.TestKit;

/// <summary>How much a test does: little in the quick tier, more where time is taken for it, and least where every change of the code meets it.</summary>
public static class Tier
{
    // tests/mutate runs a test once for each of some thousand changes.
    private const int MutationShare = 20;

    /// <summary>Gets a value that says whether time is taken: for scenes that the quick tier leaves out, and for all of what it takes some of.</summary>
    public static bool IsLong => Name is "full" or "soak";

    /// <summary>Gets a value that says whether faults are injected for many minutes.</summary>
    public static bool IsSoak => Name is "soak";

    /// <summary>Gets a value that says whether each change of the code meets the test, so that a test of seconds is one of hours.</summary>
    public static bool IsMutation => Name is "mutation";

    [SuppressMessage("ApiDesign", "RS0030", Justification = "The test command sets it for all test programs; here they read it, once for all.")]
    private static string? Name => Environment.GetEnvironmentVariable("CLEANROOM_TIER");

    /// <summary>Returns the number of cases of the tier that runs.</summary>
    public static int Cases(int quick, int full) => IsLong ? full : IsMutation ? Math.Max(1, quick / MutationShare) : quick;
}
