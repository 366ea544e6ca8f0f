using System.Buffers.Binary;
using System.Numerics;

namespace CleanRoom.Privacy.Noise;

/// <summary>An integer from 0 to 2^256 - 1, with what the samplers need of it. Where a result would not fit they throw.</summary>
/// <param name="High">The bits from 128.</param>
/// <param name="Low">The bits below 128.</param>
internal readonly record struct UInt256(UInt128 High, UInt128 Low)
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    public static bool operator <(UInt256 left, UInt256 right) => left.High < right.High || (left.High == right.High && left.Low < right.Low);

    public static bool operator >(UInt256 left, UInt256 right) => right < left;

    public static UInt256 operator +(UInt256 left, UInt256 right)
    {
        var low = unchecked(left.Low + right.Low);
        var high = checked(left.High + right.High);
        return new(low < left.Low ? checked(high + 1) : high, low);
    }

    public static UInt256 operator -(UInt256 left, UInt256 right)
    {
        var high = checked(left.High - right.High);
        return new(left.Low < right.Low ? checked(high - 1) : high, unchecked(left.Low - right.Low));
    }

    /// <summary>Takes a number that is not negative and has at most 256 bits.</summary>
    /// <exception cref="OverflowException">It is another.</exception>
    public static UInt256 Of(BigInteger value) => new((UInt128)(value >> 128), (UInt128)(value & UInt128.MaxValue));

    /// <summary>Returns the square of a number of at most 128 bits, which always fits.</summary>
    public static UInt256 Square(UInt128 root)
    {
        var (high, low) = ((ulong)(root >> 64), (ulong)root);
        var cross = Product(high, low);
        var result = new UInt256(Product(high, high), Product(low, low));

        // Twice the cross product, shifted by 64 bits: 193 bits at the most.
        return result + new UInt256(cross >> 63, cross << 65);
    }

    /// <summary>Reads 32 bytes, the most significant first.</summary>
    public static UInt256 Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));

    /// <summary>Returns how many bits the number has without leading zeros.</summary>
    public int BitLength => High == 0 ? 128 - (int)UInt128.LeadingZeroCount(Low) : 256 - (int)UInt128.LeadingZeroCount(High);

    private static UInt128 Product(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return new UInt128(high, low);
    }
}
