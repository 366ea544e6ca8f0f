namespace CleanRoom.Cryptography.Curves;

/// <summary>Private scalars on P-256: 32 bytes, big-endian, in 1..n-1.</summary>
public static class P256PrivateKey
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    /// <summary>Gets the order n of the group. Spec: SEC 2 s.2.4.2.</summary>
    private static ReadOnlySpan<byte> Order =>
    [
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];

    /// <summary>Draws a scalar, uniform in 1..n-1.</summary>
    public static SecretBytes Generate()
    {
        while (true)
        {
            var candidate = SecretBytes.Random(Length);
            if (IsValid(candidate.Span))
            {
                return candidate;
            }

            candidate.Dispose();
        }
    }

    /// <summary>Says whether the bytes are a scalar in range.</summary>
    /// <remarks>Takes the same time for every scalar: no branch and no early end depends on its bytes.</remarks>
    public static bool IsValid(ReadOnlySpan<byte> scalar)
    {
        if (scalar.Length != Length)
        {
            return false;
        }

        var any = 0;
        var borrow = 0;
        for (var i = Length - 1; i >= 0; i--)
        {
            any |= scalar[i];
            borrow = ((scalar[i] - Order[i] - borrow) >> 8) & 1;
        }

        return (any != 0) & (borrow == 1);
    }
}
