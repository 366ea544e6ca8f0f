using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Privacy.Mechanisms;

/// <summary>Chooses the mechanism for a share of the budget.</summary>
public static class Calibration
{
    /// <summary>The probability that the quoted error is exceeded: 5 %.</summary>
    public static Rational Exceeded { get; } = Rational.Of(1, 20);

    /// <summary>Splits a query's cost evenly over its aggregates, hidden ones too; what does not divide is not spent.</summary>
    /// <returns>Billionths of rho for each aggregate; 0 when there is too little for all.</returns>
    public static long Share(long nanoRho, int aggregates)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoRho);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(aggregates);
        return nanoRho / aggregates;
    }

    /// <summary>Returns the mechanism whose 95 % half width is smaller for the same cost; Laplace where they are equal, as it needs no delta.</summary>
    /// <remarks>
    /// In rho the Gaussian has half the variance at L0 = 1 and scales with the root of L0, so Laplace is chosen only where both widths are a
    /// few units. The choice depends on the contract and the query's text alone.
    /// </remarks>
    /// <param name="nanoRho">At least 1.</param>
    public static NoiseMechanism Choose(Sensitivity sensitivity, long nanoRho)
    {
        NoiseMechanism gaussian = new GaussianMechanism(sensitivity, nanoRho);
        NoiseMechanism laplace = LaplaceMechanism.Within(sensitivity, nanoRho);
        return laplace.HalfWidth(Exceeded) <= gaussian.HalfWidth(Exceeded) ? laplace : gaussian;
    }
}
