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
    // Squares of 62 bits and multiples of 110 bits leave room in 128; places of 46 + 16 bits times steps of 62 do as well.
    private const int RootBits = 62;
    private const int DivisorBits = 110;
    private const int FastScaleBits = 46;
    private const int WideCentreBits = 126;

    private readonly BigInteger _scale;
    private readonly BigInteger _step;
    private readonly BigInteger _divisor;
    private readonly ulong _fastScale;
    private readonly UInt128 _fastStep;
    private readonly UInt128 _fastCentre;
    private readonly UInt128 _fastDivisor;
    private readonly UInt256 _wideDivisor;

    /// <param name="sigmaSquared">sigma^2, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">sigma^2 is not above 0.</exception>
    public DiscreteGaussian(Rational sigmaSquared)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sigmaSquared.Sign, nameof(sigmaSquared));
        SigmaSquared = sigmaSquared;
        _scale = SquareRoot.Floor(sigmaSquared.Floor()) + 1;
        _step = _scale * sigmaSquared.Denominator;
        _divisor = 2 * sigmaSquared.Numerator * sigmaSquared.Denominator * _scale * _scale;
        if (_scale.GetBitLength() <= FastScaleBits && _divisor.GetBitLength() <= DivisorBits
            && Math.Max(_step.GetBitLength(), sigmaSquared.Numerator.GetBitLength()) < RootBits)
        {
            (_fastScale, _fastStep, _fastDivisor) = ((ulong)_scale, (UInt128)_step, (UInt128)_divisor);
            _fastCentre = (UInt128)sigmaSquared.Numerator;
        }
        else if (_scale.GetBitLength() <= FastScaleBits && _divisor.GetBitLength() <= WideSampling.MaxDivisorBits
            && _step.GetBitLength() < RootBits && sigmaSquared.Numerator.GetBitLength() <= WideCentreBits)
        {
            (_fastScale, _fastStep, _wideDivisor) = ((ulong)_scale, (UInt128)_step, UInt256.Of(_divisor));
            _fastCentre = (UInt128)sigmaSquared.Numerator;
        }
    }

    /// <summary>Gets sigma^2, in squared units of the answer.</summary>
    public Rational SigmaSquared { get; }

    /// <summary>Draws one value.</summary>
    public BigInteger Draw(RandomBytes random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (_fastScale == 0)
        {
            return DrawWide(random);
        }

        return _fastDivisor == 0 ? DrawBy256(random) : DrawBy128(random);
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
            if (WideSampling.BernoulliExp(UInt256.Square(Root(magnitude)), _wideDivisor, random))
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
            var kept = root >> RootBits == 0
                ? ExactSampling<UInt128>.BernoulliExp(root * root, _fastDivisor, random)
                : ExactSampling<BigInteger>.BernoulliExp((BigInteger)root * root, _divisor, random);
            if (kept)
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
