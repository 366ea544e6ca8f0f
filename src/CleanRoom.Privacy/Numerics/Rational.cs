using System.Numerics;

namespace CleanRoom.Privacy.Numerics;

/// <summary>An exact fraction in lowest terms; the denominator is positive.</summary>
/// <remarks>The default value is 0. Noise, costs and thresholds are computed with these alone: rounding happens where a name says so.</remarks>
public readonly record struct Rational : IComparable<Rational>
{
    private readonly BigInteger _denominatorLessOne;

    private Rational(BigInteger numerator, BigInteger denominator) => (Numerator, _denominatorLessOne) = (numerator, denominator - 1);

    /// <summary>Gets the numerator, with the sign.</summary>
    public BigInteger Numerator { get; }

    /// <summary>Gets the denominator, at least 1.</summary>
    public BigInteger Denominator => _denominatorLessOne + 1;

    /// <summary>Gets 0.</summary>
    public static Rational Zero => default;

    /// <summary>Gets 1.</summary>
    public static Rational One => new(1, 1);

    /// <summary>Gets -1, 0 or 1.</summary>
    public int Sign => Numerator.Sign;

    /// <summary>Makes a fraction and reduces it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The denominator is not positive.</exception>
    public static Rational Of(BigInteger numerator, BigInteger denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        return new Rational(numerator / divisor, denominator / divisor);
    }

    /// <summary>Takes a decimal as it is written; nothing is rounded.</summary>
    public static Rational FromDecimal(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        _ = decimal.GetBits(value, parts);
        var magnitude = ((BigInteger)(uint)parts[2] << 64) | ((BigInteger)(uint)parts[1] << 32) | (uint)parts[0];
        return Of(value < 0 ? -magnitude : magnitude, BigInteger.Pow(10, value.Scale));
    }

    /// <summary>Takes a whole number.</summary>
    public static Rational FromBigInteger(BigInteger value) => new(value, 1);

    public static implicit operator Rational(BigInteger value) => FromBigInteger(value);

    public static implicit operator Rational(long value) => FromBigInteger(value);

    public static Rational operator +(Rational left, Rational right) =>
        Of((left.Numerator * right.Denominator) + (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    public static Rational operator -(Rational value) => new(-value.Numerator, value.Denominator);

    public static Rational operator -(Rational left, Rational right) => left + -right;

    public static Rational operator *(Rational left, Rational right) =>
        Of(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    /// <exception cref="DivideByZeroException">The divisor is 0.</exception>
    public static Rational operator /(Rational left, Rational right) => right.Sign == 0
        ? throw new DivideByZeroException()
        : Of(left.Numerator * right.Denominator * right.Sign, left.Denominator * BigInteger.Abs(right.Numerator));

    public static bool operator <(Rational left, Rational right) => left.CompareTo(right) < 0;

    public static bool operator >(Rational left, Rational right) => left.CompareTo(right) > 0;

    public static bool operator <=(Rational left, Rational right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Rational left, Rational right) => left.CompareTo(right) >= 0;

    public static Rational Max(Rational left, Rational right) => left >= right ? left : right;

    public static Rational Min(Rational left, Rational right) => left <= right ? left : right;

    /// <summary>Returns the largest whole number that is not above the value.</summary>
    public BigInteger Floor()
    {
        var quotient = BigInteger.DivRem(Numerator, Denominator, out var remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }

    /// <summary>Returns the smallest whole number that is not below the value.</summary>
    public BigInteger Ceiling() => -(-this).Floor();

    /// <inheritdoc/>
    public int CompareTo(Rational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <inheritdoc/>
    public override string ToString() => Denominator.IsOne ? $"{Numerator}" : $"{Numerator}/{Denominator}";
}
