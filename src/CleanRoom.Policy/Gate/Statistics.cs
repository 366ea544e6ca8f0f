using System.Diagnostics;
using System.Numerics;
using CleanRoom.Policy.Plans;

namespace CleanRoom.Policy.Gate;

/// <summary>Computes a statistic from its sums, exactly; what has no value is null: too few rows, or no variance where one divides by it.</summary>
/// <remarks>
/// With n rows, sums a, b, aa, bb, ab: n*aa - a*a is n squared times the population variance, n*ab - a*b that of the covariance. Formulas of
/// ISO/IEC 9075-2 (SQL:2016) 10.9. Square roots are rounded once, to the digits of the released value. Spec: contracts/spec/0008 s.7.
/// </remarks>
internal static class Statistics
{
    /// <summary>Computes.</summary>
    /// <param name="aggregate">A statistic.</param>
    /// <param name="sums">Sums of integers, in units of the columns' last digits. Trust: engine-controlled.</param>
    public static Rational? Of(PlanAggregate aggregate, MomentSums sums)
    {
        if (sums.Of(Moment.Count) is not { Sign: >= 0 } n)
        {
            return null;
        }

        if (aggregate.Function == AggregateFunction.RegrCount)
        {
            return Rational.Quotient(n, BigInteger.One);
        }

        return n.IsZero || aggregate.Function.Moments().Any(moment => sums.Of(moment) is null)
            ? null
            : Of(aggregate, n, moment => sums.Of(moment) ?? BigInteger.Zero);
    }

    private static Rational? Of(PlanAggregate aggregate, BigInteger n, Func<Moment, BigInteger> sum)
    {
        var (a, b) = (sum(Moment.First), sum(Moment.Second));
        var varianceA = (n * sum(Moment.FirstSquared)) - (a * a);
        var varianceB = (n * sum(Moment.SecondSquared)) - (b * b);
        var covariance = (n * sum(Moment.Product)) - (a * b);
        var unitA = BigInteger.Pow(10, aggregate.Column!.Scale);
        var unitB = BigInteger.Pow(10, aggregate.Second?.Scale ?? 0);
        var sample = n * (n - 1);
        var scale = aggregate.CellType.Scale;
        return aggregate.Function switch
        {
            AggregateFunction.VarPop => Rational.Quotient(varianceA, n * n * unitA * unitA),
            AggregateFunction.VarSamp => Rational.Quotient(varianceA, sample * unitA * unitA),
            AggregateFunction.StddevPop => Rational.Quotient(varianceA, n * n * unitA * unitA)?.SquareRoot(scale),
            AggregateFunction.StddevSamp => Rational.Quotient(varianceA, sample * unitA * unitA)?.SquareRoot(scale),
            AggregateFunction.CovarPop => Rational.Quotient(covariance, n * n * unitA * unitB),
            AggregateFunction.CovarSamp => Rational.Quotient(covariance, sample * unitA * unitB),
            AggregateFunction.Corr => Correlation(covariance, varianceA * varianceB, scale),
            AggregateFunction.RegrSlope => Rational.Quotient(covariance * unitB, varianceB * unitA),
            AggregateFunction.RegrIntercept => Rational.Quotient((a * varianceB) - (covariance * b), n * varianceB * unitA),

            // A constant y is explained whole. SQL:2016 10.9.
            AggregateFunction.RegrR2 when varianceA.IsZero && !varianceB.IsZero => Rational.Quotient(BigInteger.One, BigInteger.One),
            AggregateFunction.RegrR2 => Rational.Quotient(covariance * covariance, varianceA * varianceB),
            AggregateFunction.RegrAvgX => Rational.Quotient(b, n * unitB),
            AggregateFunction.RegrAvgY => Rational.Quotient(a, n * unitA),
            AggregateFunction.RegrSxx => Rational.Quotient(varianceB, n * unitB * unitB),
            AggregateFunction.RegrSyy => Rational.Quotient(varianceA, n * unitA * unitA),
            AggregateFunction.RegrSxy => Rational.Quotient(covariance, n * unitA * unitB),
            _ => throw new UnreachableException(),
        };
    }

    private static Rational? Correlation(BigInteger covariance, BigInteger variances, int scale) =>
        Rational.Quotient(covariance * covariance, variances)?.SquareRoot(scale) is { } size
            ? covariance.Sign < 0 ? size.Negated() : size
            : null;
}
