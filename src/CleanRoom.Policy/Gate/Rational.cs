using System.Globalization;
using System.Numerics;
using CleanRoom.Policy.Plans;

namespace CleanRoom.Policy.Gate;

/// <summary>An exact fraction, so that arithmetic on released numbers neither rounds nor fails before the end.</summary>
internal readonly record struct Rational : IComparable<Rational>
{
    private static readonly BigInteger _limit = BigInteger.Pow(10, 38);

    private readonly BigInteger _numerator;
    private readonly BigInteger _denominator;

    private Rational(BigInteger numerator, BigInteger denominator)
    {
        // Reduced with a positive denominator: one form for one number.
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        (_numerator, _denominator) = (numerator / divisor, denominator / divisor);
    }

    /// <summary>Gets a value that says whether it is zero.</summary>
    public bool IsZero => _numerator.IsZero;

    /// <summary>A number of a row.</summary>
    public static Rational Of(CellValue.Number number) => new(number.Unscaled, BigInteger.Pow(10, number.Scale));

    /// <summary>A literal in its one text form.</summary>
    public static Rational Parse(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var digits = BigInteger.Parse(
            text.Replace(".", string.Empty, StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return new Rational(digits, BigInteger.Pow(10, point < 0 ? 0 : text.Length - point - 1));
    }

    /// <summary>Computes; null for a quotient by zero.</summary>
    public static Rational? Compute(ArithmeticOperator op, Rational left, Rational right) => op switch
    {
        ArithmeticOperator.Add => new((left._numerator * right._denominator) + (right._numerator * left._denominator), left._denominator * right._denominator),
        ArithmeticOperator.Subtract => new((left._numerator * right._denominator) - (right._numerator * left._denominator), left._denominator * right._denominator),
        ArithmeticOperator.Multiply => new(left._numerator * right._numerator, left._denominator * right._denominator),
        ArithmeticOperator.Divide => right.IsZero ? null : new Rational(left._numerator * right._denominator, left._denominator * right._numerator),
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };

    /// <summary>Rounds to a scale, ties to even; null when it has more than 38 digits then.</summary>
    public CellValue Round(int scale)
    {
        var scaled = BigInteger.DivRem(BigInteger.Abs(_numerator) * BigInteger.Pow(10, scale), _denominator, out var rest);
        var half = (rest * 2).CompareTo(_denominator);
        if (half > 0 || (half == 0 && !scaled.IsEven))
        {
            scaled += 1;
        }

        return scaled < _limit ? new CellValue.Number(_numerator.Sign < 0 ? -scaled : scaled, scale) : CellValue.Null.Instance;
    }

    /// <inheritdoc/>
    public int CompareTo(Rational other) => (_numerator * other._denominator).CompareTo(other._numerator * _denominator);
}
