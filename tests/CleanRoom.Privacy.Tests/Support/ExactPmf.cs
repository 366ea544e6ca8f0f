namespace CleanRoom.Privacy.Tests.Support;

/// <summary>Probabilities of the two discrete distributions, computed from their definitions.</summary>
internal static class ExactPmf
{
    public static double Laplace(double scale, long z) => Math.Tanh(0.5 / scale) * Math.Exp(-Math.Abs(z) / scale);

    public static double Gaussian(double sigmaSquared, long z) => Math.Exp(-z * (double)z / (2 * sigmaSquared)) / GaussianMass(sigmaSquared);

    /// <summary>The probabilities of -reach, ..., reach.</summary>
    public static double[] Around(int reach, Func<long, double> pmf) => [.. Enumerable.Range(-reach, (2 * reach) + 1).Select(z => pmf(z))];

    public static double[] GaussianAround(int reach, double sigmaSquared)
    {
        var mass = GaussianMass(sigmaSquared);
        return Around(reach, z => Math.Exp(-z * (double)z / (2 * sigmaSquared)) / mass);
    }

    /// <summary>The largest P[A in S] - e^epsilon P[B in S] for noise on values that lie <paramref name="distance"/> apart.</summary>
    public static double Delta(double[] around, int distance, double epsilon) =>
        around.Select((p, i) => Math.Max(0, p - (Math.Exp(epsilon) * (i >= distance ? around[i - distance] : 0)))).Sum();

    private static double GaussianMass(double sigmaSquared)
    {
        var reach = (int)Math.Ceiling(40 * Math.Sqrt(sigmaSquared)) + 1;
        return Enumerable.Range(-reach, (2 * reach) + 1).Sum(z => Math.Exp(-z * (double)z / (2 * sigmaSquared)));
    }
}
