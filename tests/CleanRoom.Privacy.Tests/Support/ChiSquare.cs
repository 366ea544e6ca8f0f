namespace CleanRoom.Privacy.Tests.Support;

/// <summary>Pearson's test of samples against exact probabilities.</summary>
/// <remarks>Rejects a true hypothesis with about 10^-6: the limit is df + 6 sqrt(2 df), six standard deviations. Cells that expect fewer than
/// 20 samples are taken together.</remarks>
internal static class ChiSquare
{
    private const double LeastExpected = 20;

    /// <param name="pmf">The probabilities of first, first + 1, ...; what is missing to 1 is one more cell.</param>
    public static bool Accepts(IReadOnlyCollection<long> samples, long first, IReadOnlyList<double> pmf)
    {
        var counts = new double[pmf.Count + 1];
        foreach (var sample in samples)
        {
            counts[sample >= first && sample < first + pmf.Count ? sample - first : pmf.Count]++;
        }

        var expected = pmf.Append(Math.Max(0, 1 - pmf.Sum())).Select(p => p * samples.Count).ToArray();
        var (statistic, cells, restCount, restExpected) = (0.0, 0, 0.0, 0.0);
        for (var i = 0; i < counts.Length; i++)
        {
            if (expected[i] < LeastExpected)
            {
                (restCount, restExpected) = (restCount + counts[i], restExpected + expected[i]);
                continue;
            }

            statistic += Math.Pow(counts[i] - expected[i], 2) / expected[i];
            cells++;
        }

        if (restExpected >= LeastExpected)
        {
            statistic += Math.Pow(restCount - restExpected, 2) / restExpected;
            cells++;
        }
        else if (restCount > LeastExpected + (6 * Math.Sqrt(LeastExpected)))
        {
            return false;
        }

        var freedom = cells - 1;
        return statistic <= freedom + (6 * Math.Sqrt(2.0 * freedom)) + 12;
    }
}

/// <summary>Wilson's interval of a rate at 4.9 standard deviations: it misses the true rate with about 10^-6.</summary>
internal static class Wilson
{
    private const double Z = 4.9;

    public static bool Contains(double rate, int samples, double truth)
    {
        var centre = (rate + (Z * Z / (2 * samples))) / (1 + (Z * Z / samples));
        var half = Z / (1 + (Z * Z / samples)) * Math.Sqrt((rate * (1 - rate) / samples) + (Z * Z / (4.0 * samples * samples)));
        return Math.Abs(truth - centre) <= half + 1e-15;
    }
}
