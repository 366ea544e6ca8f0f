namespace CleanRoom.Cryptography.Sharing;

/// <summary>The field of 256 elements: polynomials over GF(2) modulo x^8 + x^4 + x^3 + x + 1.</summary>
/// <remarks>
/// No branch and no table index depends on an operand: both may be secret, and a table that is looked up by a secret byte tells it to whoever shares the
/// cache. Spec: FIPS 197 s.4.2; contracts/spec/0026 s.3.
/// </remarks>
internal static class Gf256
{
    private const byte Reduction = 0x1b;
    private const int Bits = 8;

    /// <summary>The order of the multiplicative group less one: a^254 is the inverse of a.</summary>
    private const int InverseExponent = 254;

    /// <summary>Multiplies.</summary>
    internal static byte Multiply(byte a, byte b)
    {
        uint product = 0, shifted = a, bits = b;
        for (var bit = 0; bit < Bits; bit++)
        {
            product ^= shifted & (0u - (bits & 1));
            shifted = ((shifted << 1) & 0xff) ^ (Reduction & (0u - (shifted >> (Bits - 1))));
            bits >>= 1;
        }

        return (byte)product;
    }

    /// <summary>Inverts; the inverse of 0, which has none, is 0.</summary>
    internal static byte Invert(byte a)
    {
        byte result = 1, square = a;
        for (var exponent = InverseExponent; exponent > 0; exponent >>= 1)
        {
            // The exponent is public.
            if ((exponent & 1) != 0)
            {
                result = Multiply(result, square);
            }

            square = Multiply(square, square);
        }

        return result;
    }
}
