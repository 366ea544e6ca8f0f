using System.Numerics;

namespace CleanRoom.Privacy.Numerics;

/// <summary>Two bounds that a real number lies between. Every operation keeps it inside.</summary>
internal readonly record struct Interval(Rational Lower, Rational Upper)
{
    internal static Interval Exactly(Rational value) => new(value, value);

    /// <summary>Takes bounds that are counted in steps of 2^-bits.</summary>
    internal static Interval Scaled(BigInteger lower, BigInteger upper, int bits) =>
        new(Rational.Of(lower, BigInteger.One << bits), Rational.Of(upper, BigInteger.One << bits));

    public static Interval operator +(Interval left, Interval right) => new(left.Lower + right.Lower, left.Upper + right.Upper);

    public static Interval operator -(Interval value) => new(-value.Upper, -value.Lower);

    public static Interval operator -(Interval left, Interval right) => left + -right;

    public static Interval operator *(Interval value, Rational factor) => factor.Sign >= 0
        ? new(value.Lower * factor, value.Upper * factor)
        : new(value.Upper * factor, value.Lower * factor);

    /// <summary>Multiplies two numbers that are not negative.</summary>
    internal static Interval Product(Interval left, Interval right) => new(left.Lower * right.Lower, left.Upper * right.Upper);

    /// <summary>Returns the reciprocal of a number above 0.</summary>
    internal Interval Reciprocal() => new(Rational.One / Upper, Rational.One / Lower);
}
