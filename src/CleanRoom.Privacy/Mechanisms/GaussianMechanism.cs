using System.Numerics;
using CleanRoom.Privacy.Noise;
using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Privacy.Mechanisms;

/// <summary>Discrete Gaussian noise of sigma^2 = L2^2/(2 rho): exactly rho-zCDP.</summary>
/// <remarks>Proof: CKS20, theorem 14; several groups and aggregates coordinate by coordinate. Spec: contracts/spec/0014 s.5.</remarks>
public sealed class GaussianMechanism : NoiseMechanism
{
    private readonly DiscreteGaussian _noise;

    /// <param name="sensitivity">What the noise hides.</param>
    /// <param name="nanoRho">The whole cost, at least 1; sigma^2 is chosen so that it is exact.</param>
    public GaussianMechanism(Sensitivity sensitivity, long nanoRho)
        : base(sensitivity, nanoRho)
    {
        ArgumentNullException.ThrowIfNull(sensitivity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(nanoRho);
        _noise = new DiscreteGaussian(Rational.Of(sensitivity.L2Squared * Nano.One, 2 * (BigInteger)nanoRho));
    }

    /// <summary>Gets sigma^2.</summary>
    public Rational SigmaSquared => _noise.SigmaSquared;

    /// <inheritdoc/>
    public override BigInteger Draw(RandomBytes random) => _noise.Draw(random);

    // Proof: P[Z >= m] <= P[N(0, sigma^2) >= m - 1], CKS20, proposition 25.
    internal override Rational TailAbove(BigInteger value) => NormalTail.Of((Rational)(value * value) / SigmaSquared).Upper;
}
