namespace CleanRoom.Benchmarks.Running;

/// <summary>What stands for several rounds.</summary>
internal static class Medians
{
    private const int Half = 50;

    /// <summary>Returns the middle one of an odd number of values.</summary>
    public static T Median<T>(this IEnumerable<T> values) => values.Percentile(Half);

    /// <summary>Returns the least value that so many of a hundred do not exceed.</summary>
    /// <param name="percent">1 to 100.</param>
    public static T Percentile<T>(this IEnumerable<T> values, int percent)
    {
        var sorted = values.Order().ToList();
        return sorted[(((sorted.Count * percent) + 99) / 100) - 1];
    }
}
