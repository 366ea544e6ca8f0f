namespace CleanRoom.Policy.Tests.Support;

/// <summary>How much a test does: little in the quick tier, more where time is taken for it, and least where every change of the code meets it.</summary>
internal static class Tier
{
    // tests/mutate runs a test once for each of some thousand changes.
    private const int MutationShare = 20;

    /// <summary>Returns the number of cases of the tier that runs.</summary>
    public static int Cases(int quick, int full) => Environment.GetEnvironmentVariable("CLEANROOM_TIER") switch
    {
        "full" or "soak" => full,
        "mutation" => Math.Max(1, quick / MutationShare),
        _ => quick,
    };
}
