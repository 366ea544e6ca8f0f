using System.Numerics;
using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Privacy.Noise;

/// <summary>Integer noise with P[Z = z] proportional to e^(-z^2/(2 sigma^2)).</summary>
/// <remarks>
/// Exact: no rounding anywhere. A value is drawn from the discrete Laplace distribution of scale t = floor(sigma) + 1 and kept with
/// probability e^(-(|y| - sigma^2/t)^2/(2 sigma^2)). Proof: CKS20, algorithm 3 and theorem 23. Spec: contracts/spec/0014 s.4.
/// </remarks>
public sealed class DiscreteGaussian
{
    // The reach is scale times step. What is drawn is below k scales, and so a root below k reaches, but for a probability of about e^-k. Numerator and step are
    // at most the reach, so that the divisor is below twice its square. Roots then have room to be squared for k up to 2^8, in 256 bits 2^10, multiples of the
    // divisor up to 2^14, scales of 46 bits up to 2^16; checked arithmetic throws beyond.
    private const int ReachBits128 = 56;
    private const int ReachBits256 = 118;
    private const int ScaleBits = 46;

    private readonly BigInteger _scale;
    private readonly BigInteger _step;
    private readonly BigInteger _divisor;
    private readonly ulong _fastScale;
    private readonly UInt128 _fastStep;
    private readonly UInt128 _fastCentre;
    private readonly UInt256 _fastDivisor;

    /// <param name="sigmaSquared">sigma^2, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">sigma^2 is not above 0.</exception>
    public DiscreteGaussian(Rational sigmaSquared)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sigmaSquared.Sign, nameof(sigmaSquared));
        SigmaSquared = sigmaSquared;
        _scale = SquareRoot.Floor(sigmaSquared.Floor()) + 1;
        _step = _scale * sigmaSquared.Denominator;
        _divisor = 2 * sigmaSquared.Numerator * sigmaSquared.Denominator * _scale * _scale;
        var reach = (_scale * _step).GetBitLength();
        Width = reach <= ReachBits128 ? IntegerWidth.Bits128
            : reach <= ReachBits256 && _scale.GetBitLength() <= ScaleBits ? IntegerWidth.Bits256
            : IntegerWidth.Any;
        if (Width != IntegerWidth.Any)
        {
            (_fastScale, _fastStep, _fastCentre) = ((ulong)_scale, (UInt128)_step, (UInt128)sigmaSquared.Numerator);
            _fastDivisor = UInt256.Of(_divisor);
        }
    }

    /// <summary>Gets sigma^2, in squared units of the answer.</summary>
    public Rational SigmaSquared { get; }

    /// <summary>Gets the integers that <see cref="Draw"/> reckons with: the narrowest with proven room.</summary>
    internal IntegerWidth Width { get; }

    /// <summary>Draws one value.</summary>
    public BigInteger Draw(RandomBytes random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return Width switch
        {
            IntegerWidth.Bits128 => DrawBy128(random),
            IntegerWidth.Bits256 => DrawBy256(random),
            _ => DrawWide(random),
        };
    }

    /// <summary>Draws one value with integers of any length: the same value, slower.</summary>
    internal BigInteger DrawWide(RandomBytes random)
    {
        while (true)
        {
            var (negative, magnitude) = ExactSampling<BigInteger>.Laplace(1, _scale, random);
            var root = (magnitude * _step) - SigmaSquared.Numerator;
            if (ExactSampling<BigInteger>.BernoulliExp(root * root, _divisor, random))
            {
                return negative ? -magnitude : magnitude;
            }
        }
    }

    private BigInteger DrawBy256(RandomBytes random)
    {
        while (true)
        {
            var (negative, magnitude) = ExactSampling<ulong>.Laplace(1, _fastScale, random);
            if (WideSampling.BernoulliExp(UInt256.Square(Root(magnitude)), _fastDivisor, random))
            {
                return negative ? -(BigInteger)magnitude : magnitude;
            }
        }
    }

    private BigInteger DrawBy128(RandomBytes random)
    {
        while (true)
        {
            var (negative, magnitude) = ExactSampling<ulong>.Laplace(1, _fastScale, random);
            var root = Root(magnitude);
            if (ExactSampling<UInt128>.BernoulliExp(checked(root * root), _fastDivisor.Low, random))
            {
                return negative ? -(BigInteger)magnitude : magnitude;
            }
        }
    }

    private UInt128 Root(ulong magnitude)
    {
        var place = checked(magnitude * _fastStep);
        return place >= _fastCentre ? place - _fastCentre : _fastCentre - place;
    }
}
