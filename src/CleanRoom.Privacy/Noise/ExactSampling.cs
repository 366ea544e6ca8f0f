using System.Numerics;

namespace CleanRoom.Privacy.Noise;

/// <summary>The exact samplers of CKS20 over one type of integer; each type draws the same bytes and gives the same numbers.</summary>
/// <remarks>
/// Arithmetic is checked, so a type that is too narrow throws and never wraps; the callers choose the type so that it does not happen.
/// Source: Canonne, Kamath, Steinke, The Discrete Gaussian for Differential Privacy (2020), algorithms 1 to 3; proof there in s.5.
/// Spec: contracts/spec/0014 s.4.
/// </remarks>
internal static class ExactSampling<T>
    where T : IBinaryInteger<T>
{
    /// <summary>Draws a whole number from 0 to below a bound, each with the same probability.</summary>
    /// <param name="bound">At least 1.</param>
    internal static T Below(T bound, RandomBytes random)
    {
        var bits = (bound - T.One).GetShortestBitLength();
        if (bits == 0)
        {
            return T.Zero;
        }

        var length = (bits + 7) / 8;
        Span<byte> bytes = length <= 64 ? stackalloc byte[64] : new byte[length];
        bytes = bytes[..length];
        var mask = (byte)(0xFF >> ((8 * length) - bits));
        while (true)
        {
            random.Fill(bytes);
            bytes[0] &= mask;
            var value = T.ReadBigEndian(bytes, isUnsigned: true);
            if (value < bound)
            {
                return value;
            }
        }
    }

    /// <summary>Is true with probability e^(-n/d).</summary>
    internal static bool BernoulliExp(T n, T d, RandomBytes random)
    {
        for (; n > d; n -= d)
        {
            if (!BernoulliExpFraction(T.One, T.One, random))
            {
                return false;
            }
        }

        return BernoulliExpFraction(n, d, random);
    }

    /// <summary>Draws from the discrete Laplace distribution of scale d/n.</summary>
    internal static (bool Negative, T Magnitude) Laplace(T n, T d, RandomBytes random)
    {
        while (true)
        {
            var magnitude = Geometric(n, d, random);
            var negative = !T.IsZero(Below(T.One + T.One, random));
            if (!negative || !T.IsZero(magnitude))
            {
                return (negative, magnitude);
            }
        }
    }

    // 0 <= n <= d. The product of 1/1, 1/2, 1/3, ... of x is the series of e^-x.
    private static bool BernoulliExpFraction(T n, T d, RandomBytes random)
    {
        var (bound, odd) = (d, true);
        while (Below(bound, random) < n)
        {
            bound = checked(bound + d);
            odd = !odd;
        }

        return odd;
    }

    private static T Geometric(T n, T d, RandomBytes random)
    {
        T u;
        do
        {
            u = Below(d, random);
        }
        while (!BernoulliExpFraction(u, d, random));

        var whole = u;
        while (BernoulliExpFraction(T.One, T.One, random))
        {
            whole = checked(whole + d);
        }

        return whole / n;
    }
}
