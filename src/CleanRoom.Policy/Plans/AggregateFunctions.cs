using System.Collections.Immutable;

namespace CleanRoom.Policy.Plans;

/// <summary>Words and sums of aggregate functions. Spec: contracts/spec/0008 s.6.</summary>
public static class AggregateFunctions
{
    /// <summary>Gets the names of statistics in SQL, in lower case; they hold in any.</summary>
    public static ImmutableArray<string> StatisticNames => [.. Statistics.Select(NameOf), "variance", "stddev"];

    private static IEnumerable<AggregateFunction> Statistics => Enum.GetValues<AggregateFunction>().Where(IsStatistic);

    /// <summary>Returns the statistic of a name in SQL; null when it is none.</summary>
    public static AggregateFunction? Statistic(string name) => name.ToLowerInvariant() switch
    {
        "variance" => AggregateFunction.VarSamp,
        "stddev" => AggregateFunction.StddevSamp,
        var known => Statistics.Where(function => NameOf(function) == known).Select(function => (AggregateFunction?)function).FirstOrDefault(),
    };

    /// <summary>Gets the word of plans and lineage.</summary>
    public static string Word(this AggregateFunction function) => function switch
    {
        AggregateFunction.CountRows => "count",
        AggregateFunction.CountDistinct => "count-distinct",
        AggregateFunction.Sum => "sum",
        AggregateFunction.Average => "avg",
        AggregateFunction.VarPop => "var-pop",
        AggregateFunction.VarSamp => "var-samp",
        AggregateFunction.StddevPop => "stddev-pop",
        AggregateFunction.StddevSamp => "stddev-samp",
        AggregateFunction.CovarPop => "covar-pop",
        AggregateFunction.CovarSamp => "covar-samp",
        AggregateFunction.Corr => "corr",
        AggregateFunction.RegrSlope => "regr-slope",
        AggregateFunction.RegrIntercept => "regr-intercept",
        AggregateFunction.RegrR2 => "regr-r2",
        AggregateFunction.RegrCount => "regr-count",
        AggregateFunction.RegrAvgX => "regr-avgx",
        AggregateFunction.RegrAvgY => "regr-avgy",
        AggregateFunction.RegrSxx => "regr-sxx",
        AggregateFunction.RegrSyy => "regr-syy",
        AggregateFunction.RegrSxy => "regr-sxy",
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    /// <summary>Returns the sums that a statistic is computed from, in the order of the generated columns; none for other functions.</summary>
    public static ImmutableArray<Moment> Moments(this AggregateFunction function) => function switch
    {
        AggregateFunction.CountRows or AggregateFunction.CountDistinct or AggregateFunction.Sum or AggregateFunction.Average => [],
        AggregateFunction.RegrCount => [Moment.Count],
        AggregateFunction.RegrAvgX => [Moment.Count, Moment.Second],
        AggregateFunction.RegrAvgY => [Moment.Count, Moment.First],
        AggregateFunction.VarPop or AggregateFunction.VarSamp or AggregateFunction.StddevPop or AggregateFunction.StddevSamp
            or AggregateFunction.RegrSyy => [Moment.Count, Moment.First, Moment.FirstSquared],
        AggregateFunction.RegrSxx => [Moment.Count, Moment.Second, Moment.SecondSquared],
        AggregateFunction.CovarPop or AggregateFunction.CovarSamp or AggregateFunction.RegrSxy =>
            [Moment.Count, Moment.First, Moment.Second, Moment.Product],
        AggregateFunction.RegrSlope or AggregateFunction.RegrIntercept =>
            [Moment.Count, Moment.First, Moment.Second, Moment.SecondSquared, Moment.Product],
        AggregateFunction.Corr or AggregateFunction.RegrR2 =>
            [Moment.Count, Moment.First, Moment.Second, Moment.FirstSquared, Moment.SecondSquared, Moment.Product],
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    /// <summary>Says whether the function is a statistic.</summary>
    public static bool IsStatistic(this AggregateFunction function) => function >= AggregateFunction.VarPop;

    /// <summary>Returns the number of columns that a statistic is of: 1 or 2.</summary>
    public static int Arity(this AggregateFunction function) => function <= AggregateFunction.StddevSamp ? 1 : 2;

    private static string NameOf(AggregateFunction function) => function.Word().Replace('-', '_');
}
