namespace CleanRoom.Privacy.Noise;

/// <summary>The samplers of <see cref="ExactSampling{T}"/> over 256 bits, for probabilities whose fractions no machine integer holds.</summary>
/// <remarks>The same bytes give the same answers as there. Spec: contracts/spec/0014 s.4.</remarks>
internal static class WideSampling
{
    /// <summary>The most bits of a denominator: k of its multiples are added up, and 2^16 of them fit; a k beyond has a probability below 2^-90,000, and would throw.</summary>
    public const int MaxDivisorBits = 240;

    /// <summary>Draws a whole number from 0 to below a bound, each with the same probability.</summary>
    /// <param name="bound">At least 1.</param>
    internal static UInt256 Below(UInt256 bound, RandomBytes random)
    {
        var bits = (bound - new UInt256(0, 1)).BitLength;
        if (bits == 0)
        {
            return default;
        }

        var length = (bits + 7) / 8;
        var mask = (byte)(0xFF >> ((8 * length) - bits));
        Span<byte> bytes = stackalloc byte[UInt256.Length];
        bytes.Clear();
        var drawn = bytes[^length..];
        while (true)
        {
            random.Fill(drawn);
            drawn[0] &= mask;
            var value = UInt256.Read(bytes);
            if (value < bound)
            {
                return value;
            }
        }
    }

    /// <summary>Is true with probability e^(-n/d).</summary>
    internal static bool BernoulliExp(UInt256 n, UInt256 d, RandomBytes random)
    {
        for (; n > d; n -= d)
        {
            if (!ExactSampling<ulong>.BernoulliExp(1, 1, random))
            {
                return false;
            }
        }

        var (bound, odd) = (d, true);
        while (Below(bound, random) < n)
        {
            bound += d;
            odd = !odd;
        }

        return odd;
    }
}
