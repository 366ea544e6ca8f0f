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

    /// <summary>A quotient; null for one by zero.</summary>
    public static Rational? Quotient(BigInteger numerator, BigInteger denominator) =>
        denominator.IsZero ? null : new Rational(numerator, denominator);

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

    /// <summary>The number with the other sign.</summary>
    public Rational Negated() => new(-_numerator, _denominator);

    /// <summary>The number without its sign.</summary>
    public Rational Absolute() => new(BigInteger.Abs(_numerator), _denominator);

    /// <summary>The next integer below.</summary>
    public Rational Floor()
    {
        var quotient = BigInteger.DivRem(_numerator, _denominator, out var rest);
        return new Rational(rest.Sign < 0 ? quotient - 1 : quotient, BigInteger.One);
    }

    /// <summary>The nearest number with so many digits after the point, or zeros before it if negative; of two the one away from zero.</summary>
    public Rational RoundedAwayFromZero(int digits)
    {
        var unit = BigInteger.Pow(10, Math.Abs(digits));
        var (up, down) = digits < 0 ? (BigInteger.One, unit) : (unit, BigInteger.One);
        var whole = ((2 * BigInteger.Abs(_numerator) * up) + (_denominator * down)) / (2 * _denominator * down);
        return new Rational(_numerator.Sign * whole * down, up);
    }

    /// <summary>The square root, rounded to a scale, ties to even; null of a negative number.</summary>
    /// <remarks>Exact: the integer root of 4 x 10^(2 scale) says on which side of every half the root lies.</remarks>
    public Rational? SquareRoot(int scale)
    {
        if (_numerator.Sign < 0)
        {
            return null;
        }

        var unit = BigInteger.Pow(10, scale);
        var scaled = 4 * unit * unit * _numerator;
        var twice = IntegerRoot(scaled / _denominator);
        var root = (twice + 1) / 2;
        var isTie = !twice.IsEven && twice * twice * _denominator == scaled;
        return new Rational(isTie && !root.IsEven ? root - 1 : root, unit);
    }

    /// <summary>The largest integer whose square is not larger, by Newton's method from above.</summary>
    private static BigInteger IntegerRoot(BigInteger square)
    {
        if (square.IsZero)
        {
            return BigInteger.Zero;
        }

        var root = BigInteger.One << (int)((square.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (root + (square / root)) >> 1;
            if (next >= root)
            {
                return root;
            }

            root = next;
        }
    }

    /// <inheritdoc/>
    public int CompareTo(Rational other) => (_numerator * other._denominator).CompareTo(other._numerator * _denominator);
}
