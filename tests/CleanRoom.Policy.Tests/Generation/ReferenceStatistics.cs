using System.Numerics;
using CleanRoom.Policy.Plans;

namespace CleanRoom.Policy.Tests.Generation;

/// <summary>Sums, averages and statistics as textbooks define them: by the distance of every value from the mean.</summary>
internal static class ReferenceStatistics
{
    /// <summary>Returns the value; null where there is none.</summary>
    public static Fraction? Of(PlanAggregate aggregate, List<Fraction> y, List<Fraction> x)
    {
        var n = Fraction.Of(y.Count);
        if (aggregate.Function == AggregateFunction.RegrCount)
        {
            return n;
        }

        if (y.Count == 0)
        {
            return null;
        }

        var (meanY, meanX) = (Mean(y), Mean(x));
        var syy = Fraction.Sum(y.Select(value => (value - meanY) * (value - meanY)));
        var sxx = Fraction.Sum(x.Select(value => (value - meanX) * (value - meanX)));
        var sxy = Fraction.Sum(y.Zip(x, (a, b) => (a - meanY) * (b - meanX)));
        var digits = aggregate.CellType.Scale;
        return aggregate.Function switch
        {
            AggregateFunction.Sum => Fraction.Sum(y),
            AggregateFunction.Average or AggregateFunction.RegrAvgY => meanY,
            AggregateFunction.RegrAvgX => meanX,
            AggregateFunction.VarPop => syy / n,
            AggregateFunction.VarSamp => syy / (n - Fraction.Of(1)),
            AggregateFunction.StddevPop => (syy / n)?.Root(digits),
            AggregateFunction.StddevSamp => (syy / (n - Fraction.Of(1)))?.Root(digits),
            AggregateFunction.CovarPop => sxy / n,
            AggregateFunction.CovarSamp => sxy / (n - Fraction.Of(1)),
            AggregateFunction.RegrSlope => sxy / sxx,
            AggregateFunction.RegrIntercept => sxy / sxx is { } slope ? meanY - (slope * meanX) : null,
            AggregateFunction.RegrR2 when syy.Numerator.IsZero && !sxx.Numerator.IsZero => Fraction.Of(BigInteger.One),
            AggregateFunction.RegrR2 => (sxy * sxy) / (sxx * syy),
            AggregateFunction.Corr => ((sxy * sxy) / (sxx * syy))?.Root(digits) is { } size
                ? sxy.Numerator.Sign < 0 ? Fraction.Zero - size : size
                : null,
            AggregateFunction.RegrSxx => sxx,
            AggregateFunction.RegrSyy => syy,
            AggregateFunction.RegrSxy => sxy,
            _ => throw new InvalidOperationException(),
        };
    }

    private static Fraction Mean(List<Fraction> values) => (Fraction.Sum(values) / Fraction.Of(values.Count))!.Value;
}
