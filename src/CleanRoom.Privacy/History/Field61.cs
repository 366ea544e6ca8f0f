using System.Numerics;

namespace CleanRoom.Privacy.History;

/// <summary>Arithmetic modulo the prime 2^61 - 1. Every argument and every value is below it.</summary>
internal static class Field61
{
    /// <summary>The prime.</summary>
    public const ulong Modulus = (1UL << 61) - 1;

    public static ulong Add(ulong left, ulong right) => Reduce(left + right);

    public static ulong Subtract(ulong left, ulong right) => left >= right ? left - right : left + (Modulus - right);

    public static ulong Multiply(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return Reduce((low & Modulus) + ((low >> 61) | (high << 3)));
    }

    /// <summary>Returns the inverse of a value that is not 0: its power to 2^61 - 3 (Fermat).</summary>
    public static ulong Invert(ulong value)
    {
        var result = 1UL;
        for (var exponent = Modulus - 2; exponent != 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                result = Multiply(result, value);
            }

            value = Multiply(value, value);
        }

        return result;
    }

    /// <summary>Adds the second vector to the first, entry by entry.</summary>
    public static void AddTo(Span<ulong> sum, ReadOnlySpan<ulong> values)
    {
        var modulus = new Vector<ulong>(Modulus);
        var i = 0;
        for (; i <= sum.Length - Vector<ulong>.Count; i += Vector<ulong>.Count)
        {
            var total = new Vector<ulong>(sum[i..]) + new Vector<ulong>(values[i..]);
            // Below the modulus the difference wraps around and is the larger of the two.
            Vector.Min(total, total - modulus).CopyTo(sum[i..]);
        }

        for (; i < sum.Length; i++)
        {
            sum[i] = Add(sum[i], values[i]);
        }
    }

    /// <summary>Adds a multiple of the second vector to the first, entry by entry.</summary>
    /// <param name="sum">The vector that is changed.</param>
    /// <param name="values">At least as long as <paramref name="sum"/>.</param>
    /// <param name="factor">How many times the values are added.</param>
    public static void AddMultipleTo(Span<ulong> sum, ReadOnlySpan<ulong> values, ulong factor)
    {
        values = values[..sum.Length];
        for (var i = 0; i < sum.Length; i++)
        {
            // Three numbers below 2^61 stay below 2^63; folding once leaves at most 3 above the modulus.
            var high = Math.BigMul(values[i], factor, out var low);
            var total = (low & Modulus) + ((low >> 61) | (high << 3)) + sum[i];
            sum[i] = Reduce((total & Modulus) + (total >> 61));
        }
    }

    /// <summary>Spreads a counter over the field: the finaliser of SplitMix64 (Steele, Lea, Flood 2014), reduced.</summary>
    public static ulong Spread(ulong counter)
    {
        var value = (counter + 1) * 0x9E37_79B9_7F4A_7C15;
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return (value ^ (value >> 31)) % Modulus;
    }

    private static ulong Reduce(ulong value) => value >= Modulus ? value - Modulus : value;
}
