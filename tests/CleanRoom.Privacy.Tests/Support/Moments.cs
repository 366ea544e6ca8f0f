namespace CleanRoom.Privacy.Tests.Support;

/// <summary>Checks mean 0 and a variance at 4.41717 standard deviations of each: a true hypothesis is rejected with 2 x 10^-5.</summary>
internal static class Moments
{
    private const double Z = 4.41717;

    /// <param name="kurtosis">The fourth moment over the squared variance: 3 for a normal distribution.</param>
    public static bool Accept(IReadOnlyCollection<long> samples, double variance, double kurtosis)
    {
        var (mean, square) = (samples.Average(), samples.Average(z => (double)z * z));
        return Math.Abs(mean) <= Z * Math.Sqrt(variance / samples.Count)
            && Math.Abs(square - variance) <= Z * variance * Math.Sqrt((kurtosis - 1) / samples.Count);
    }
}
