using System.Numerics;
using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Privacy.Noise;

/// <summary>Integer noise with P[Z = z] proportional to e^(-|z|/s).</summary>
/// <remarks>Exact: no rounding anywhere. Proof: CKS20, algorithm 2 and its analysis. Spec: contracts/spec/0014 s.4.</remarks>
public sealed class DiscreteLaplace
{
    // v d + u and k d stay far below 2^64 and 2^128: v and k beyond 2^16 have a probability below 2^-90,000, and would throw.
    private const int MaxBits64 = 46;
    private const int MaxBits128 = 110;

    /// <param name="scale">s, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not above 0.</exception>
    public DiscreteLaplace(Rational scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale.Sign, nameof(scale));
        Scale = scale;
        var bits = Math.Max(scale.Numerator.GetBitLength(), scale.Denominator.GetBitLength());
        Width = bits <= MaxBits64 ? IntegerWidth.Bits64 : bits <= MaxBits128 ? IntegerWidth.Bits128 : IntegerWidth.Any;
    }

    /// <summary>Gets s, in units of the answer.</summary>
    public Rational Scale { get; }

    /// <summary>Gets the integers that <see cref="Draw"/> reckons with: the narrowest with proven room.</summary>
    internal IntegerWidth Width { get; }

    /// <summary>Draws one value.</summary>
    public BigInteger Draw(RandomBytes random)
    {
        ArgumentNullException.ThrowIfNull(random);
        switch (Width)
        {
            case IntegerWidth.Bits64:
            {
                var (negative, magnitude) = ExactSampling<ulong>.Laplace((ulong)Scale.Denominator, (ulong)Scale.Numerator, random);
                return negative ? -(BigInteger)magnitude : magnitude;
            }

            case IntegerWidth.Bits128:
            {
                var (negative, magnitude) = ExactSampling<UInt128>.Laplace((UInt128)Scale.Denominator, (UInt128)Scale.Numerator, random);
                return negative ? -(BigInteger)magnitude : magnitude;
            }

            default:
                return DrawWide(random);
        }
    }

    /// <summary>Draws one value with integers of any length: the same value, slower.</summary>
    internal BigInteger DrawWide(RandomBytes random)
    {
        var (negative, magnitude) = ExactSampling<BigInteger>.Laplace(Scale.Denominator, Scale.Numerator, random);
        return negative ? -magnitude : magnitude;
    }
}
