using System.Numerics;

namespace CleanRoom.Privacy.Numerics;

/// <summary>The square root in whole numbers.</summary>
internal static class SquareRoot
{
    /// <summary>Returns the largest whole number whose square is not above the value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    internal static BigInteger Floor(BigInteger value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        if (value.IsZero)
        {
            return 0;
        }

        // Newton from above falls until it reaches the root.
        var root = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (root + (value / root)) >> 1;
            if (next >= root)
            {
                return root;
            }

            root = next;
        }
    }
}
