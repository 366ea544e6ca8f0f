namespace CleanRoom.Privacy.Tests.Support;

/// <summary>Decides from samples of answers on two neighbouring data sets whether (epsilon, delta)-DP holds.</summary>
/// <remarks>
/// After Google's verifyApproximateDp: T(A,B) is the sum over values of max(0, (a - e^epsilon b)/n) and has to be at most delta, both ways.
/// Sampling alone makes T positive: where a and e^epsilon b are equal in truth a value adds 0.4 of its standard deviation at most. The slack is that
/// sum and 4.5 standard deviations of the whole, so a mechanism at the limit is rejected with about 10^-5.
/// </remarks>
internal static class Divergence
{
    private const double MeanOfPositivePart = 0.3989422804014327;
    private const double Deviations = 4.5;

    public static bool Accepts(IReadOnlyList<long> a, IReadOnlyList<long> b, double epsilon, double delta)
    {
        var (counts, others) = (Count(a), Count(b));
        return OneWay(counts, others, a.Count, epsilon, delta, slack: null) && OneWay(others, counts, a.Count, epsilon, delta, slack: null);
    }

    /// <summary>Decides with a tolerance that the test case gives instead of the slack.</summary>
    public static bool AcceptsWithin(IReadOnlyList<long> a, IReadOnlyList<long> b, double epsilon, double delta, double tolerance)
    {
        var (counts, others) = (Count(a), Count(b));
        return OneWay(counts, others, a.Count, epsilon, delta, tolerance) && OneWay(others, counts, a.Count, epsilon, delta, tolerance);
    }

    private static bool OneWay(Dictionary<long, int> a, Dictionary<long, int> b, int samples, double epsilon, double delta, double? slack)
    {
        var factor = Math.Exp(epsilon);
        var (loss, deviations, variance) = (0.0, 0.0, 0.0);
        foreach (var (value, count) in a)
        {
            var other = b.GetValueOrDefault(value);
            loss += Math.Max(0, count - (factor * other)) / samples;
            var spread = (count + (factor * factor * other)) / ((double)samples * samples);
            (deviations, variance) = (deviations + Math.Sqrt(spread), variance + spread);
        }

        return loss < delta + (slack ?? (MeanOfPositivePart * deviations) + (Deviations * Math.Sqrt(variance)));
    }

    private static Dictionary<long, int> Count(IReadOnlyList<long> samples)
    {
        Dictionary<long, int> counts = [];
        foreach (var sample in samples)
        {
            counts[sample] = counts.GetValueOrDefault(sample) + 1;
        }

        return counts;
    }
}

/// <summary>Decides from samples whether two distributions are the same.</summary>
/// <remarks>
/// After Google's verifyCloseness: collisions within and between the samples estimate n^2/2 times the squared L2 distance. Its standard deviation for
/// equal distributions is at most sqrt(2) n times the root of the probability of a collision; the limit is 4.5 of them.
/// </remarks>
internal static class Closeness
{
    private const double Deviations = 4.5;

    public static bool Accepts(IReadOnlyList<long> a, IReadOnlyList<long> b)
    {
        var (n, counts) = ((double)a.Count, new Dictionary<long, (double A, double B)>());
        foreach (var value in a)
        {
            var (x, y) = counts.GetValueOrDefault(value);
            counts[value] = (x + 1, y);
        }

        foreach (var value in b)
        {
            var (x, y) = counts.GetValueOrDefault(value);
            counts[value] = (x, y + 1);
        }

        var (selfA, selfB, cross) = (0.0, 0.0, 0.0);
        foreach (var (x, y) in counts.Values)
        {
            (selfA, selfB, cross) = (selfA + (x * (x - 1) / 2), selfB + (y * (y - 1) / 2), cross + (x * y));
        }

        var collision = (selfA + selfB) / (n * (n - 1));
        return selfA + selfB - ((n - 1) / n * cross) < Deviations * Math.Sqrt(2 * collision) * n;
    }
}
