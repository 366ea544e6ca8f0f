namespace CleanRoom.Datasets.Check;

/// <summary>Numbers modulo 2^127 - 1, a prime.</summary>
internal static class PrimeField
{
    private const ulong LowHalf = ulong.MaxValue >> 1;

    private static UInt128 Prime => new(LowHalf, ulong.MaxValue);

    /// <summary>Returns the sum of a number up to 2^127 and one below 2^127: up to 2^127.</summary>
    public static UInt128 Add(UInt128 left, UInt128 right) => Fold(left + right);

    /// <summary>Returns the product of a word and a number below 2^127: below 2^127.</summary>
    public static UInt128 Multiply(ulong left, UInt128 right)
    {
        var low = Math.BigMul(left, (ulong)right, out var first);
        var high = Math.BigMul(left, (ulong)(right >> 64), out var middle);
        var second = low + middle;
        var third = high + (second < low ? 1UL : 0UL);
        return Fold(new UInt128(second & LowHalf, first) + ((third << 1) | (second >> 63)));
    }

    /// <summary>Returns the one form of a number: below the prime.</summary>
    public static UInt128 Canonical(UInt128 value)
    {
        value = Fold(value);
        return value >= Prime ? value - Prime : value;
    }

    // 2^127 is 1: what is above is added.
    private static UInt128 Fold(UInt128 value) => (value & Prime) + (value >> 127);
}
