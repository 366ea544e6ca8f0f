namespace CleanRoom.Benchmarks.Running;

/// <summary>What stands for several rounds.</summary>
internal static class Medians
{
    /// <summary>Returns the middle one of an odd number of values.</summary>
    public static T Median<T>(this IEnumerable<T> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
