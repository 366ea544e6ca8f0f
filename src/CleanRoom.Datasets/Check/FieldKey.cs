using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CleanRoom.Datasets.Check;

/// <summary>A random number of <see cref="PrimeField"/> to multiply by. Of one check alone, and of no use after it.</summary>
internal readonly struct FieldKey
{
    private readonly UInt128 _key;
    private readonly UInt128 _shifted;

    private FieldKey(UInt128 key)
    {
        var half = PrimeField.Canonical(PrimeField.Multiply(1UL << 63, key));
        (_key, _shifted) = (key, PrimeField.Canonical(PrimeField.Add(half, half)));
    }

    /// <summary>Draws one.</summary>
    public static FieldKey Draw()
    {
        var drawn = default(UInt128);
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(new Span<UInt128>(ref drawn)));
        return new FieldKey(PrimeField.Canonical(drawn));
    }

    /// <summary>Returns the product with a word: below 2^127.</summary>
    public UInt128 Multiply(ulong value) => PrimeField.Multiply(value, _key);

    /// <summary>Returns the product with a number of 128 bits: up to 2^127.</summary>
    public UInt128 Multiply(UInt128 value) =>
        PrimeField.Add(PrimeField.Multiply((ulong)value, _key), PrimeField.Multiply((ulong)(value >> 64), _shifted));
}
