using System.Globalization;
using System.Numerics;
using CleanRoom.Policy.Gate;

namespace CleanRoom.Policy.Tests.Generation;

/// <summary>A fraction for the reference, apart from the product's own.</summary>
internal readonly record struct Fraction(BigInteger Numerator, BigInteger Denominator)
{
    public static Fraction Zero { get; } = new(0, 1);

    public static Fraction Of(CellValue.Number number) => new(number.Unscaled, BigInteger.Pow(10, number.Scale));

    public static Fraction Of(BigInteger number) => new(number, 1);

    public static Fraction Parse(string text)
    {
        var digits = text.Contains('.', StringComparison.Ordinal) ? text.Length - text.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        return new(BigInteger.Parse(text.Replace(".", string.Empty, StringComparison.Ordinal), CultureInfo.InvariantCulture), BigInteger.Pow(10, digits));
    }

    public static Fraction operator +(Fraction left, Fraction right) =>
        new((left.Numerator * right.Denominator) + (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    public static Fraction operator -(Fraction left, Fraction right) => left + new Fraction(-right.Numerator, right.Denominator);

    public static Fraction operator *(Fraction left, Fraction right) => new(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    /// <summary>The quotient; null by zero.</summary>
    public static Fraction? operator /(Fraction left, Fraction right) => right.Numerator.IsZero
        ? null
        : right.Numerator.Sign < 0
            ? new(-left.Numerator * right.Denominator, -left.Denominator * right.Numerator)
            : new(left.Numerator * right.Denominator, left.Denominator * right.Numerator);

    public static Fraction Sum(IEnumerable<Fraction> items) => items.Aggregate(Zero, (sum, item) => sum + item);

    public Fraction Size() => new(BigInteger.Abs(Numerator), Denominator);

    public int Compare(Fraction other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <summary>The nearest multiple of 10^-digits; of two the even one, or the one away from zero.</summary>
    public Fraction Rounded(int digits, bool toEven)
    {
        var unit = digits >= 0 ? Of(BigInteger.Pow(10, digits)) : new Fraction(1, BigInteger.Pow(10, -digits));
        var scaled = Size() * unit;
        var below = scaled.Numerator / scaled.Denominator;
        var side = (scaled - Of(below)).Compare(new Fraction(1, 2));
        var whole = side > 0 || (side == 0 && (!toEven || !below.IsEven)) ? below + 1 : below;
        return (Of(Numerator.Sign * whole) / unit)!.Value;
    }

    /// <summary>The largest integer that is not larger.</summary>
    public Fraction Floor()
    {
        var whole = Numerator / Denominator;
        return Of(whole * Denominator > Numerator ? whole - 1 : whole);
    }

    /// <summary>The decimal nearest to the square root, found by halving an interval.</summary>
    public Fraction Root(int digits)
    {
        var unit = BigInteger.Pow(10, digits);
        BigInteger low = 0;
        var high = (Numerator * unit) + unit;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = new Fraction(middle * middle, unit * unit).Compare(this) <= 0 ? (middle, high) : (low, middle);
        }

        var side = new Fraction(((2 * low) + 1) * ((2 * low) + 1), 4 * unit * unit).Compare(this);
        return new Fraction(side < 0 || (side == 0 && !low.IsEven) ? low + 1 : low, unit);
    }

    /// <summary>The number with so many digits.</summary>
    public CellValue.Number ToCell(int scale)
    {
        var rounded = Rounded(scale, toEven: true);
        return new(rounded.Numerator * BigInteger.Pow(10, scale) / rounded.Denominator, scale);
    }
}
