namespace CleanRoom.Policy.Tests.Support;

/// <summary>How much a test does: little in the quick tier, more where time is taken for it.</summary>
internal static class Tier
{
    /// <summary>Returns the number of cases of the tier that runs.</summary>
    public static int Cases(int quick, int full) =>
        Environment.GetEnvironmentVariable("CLEANROOM_TIER") is "full" or "soak" ? full : quick;
}
