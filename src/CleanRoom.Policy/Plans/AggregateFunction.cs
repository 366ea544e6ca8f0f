namespace CleanRoom.Policy.Plans;

/// <summary>
/// The functions that there are. Those from <see cref="VarPop"/> on are statistics: functions of a few sums over the rows in which every
/// argument has a value (<see cref="Moment"/>). Of two arguments the first is the dependent one (y), the second the independent one (x).
/// </summary>
public enum AggregateFunction
{
    CountRows = 1,
    CountDistinct = 2,
    Sum = 3,
    Average = 4,
    VarPop = 5,
    VarSamp = 6,
    StddevPop = 7,
    StddevSamp = 8,
    CovarPop = 9,
    CovarSamp = 10,
    Corr = 11,
    RegrSlope = 12,
    RegrIntercept = 13,
    RegrR2 = 14,
    RegrCount = 15,
    RegrAvgX = 16,
    RegrAvgY = 17,
    RegrSxx = 18,
    RegrSyy = 19,
    RegrSxy = 20,
}

/// <summary>A sum that a statistic is computed from, over the rows in which every argument has a value.</summary>
public enum Moment
{
    /// <summary>No part of a statistic.</summary>
    None = 0,

    /// <summary>The number of rows.</summary>
    Count = 1,

    /// <summary>The sum of the first argument.</summary>
    First = 2,

    /// <summary>The sum of the second argument.</summary>
    Second = 3,

    /// <summary>The sum of the squares of the first argument.</summary>
    FirstSquared = 4,

    /// <summary>The sum of the squares of the second argument.</summary>
    SecondSquared = 5,

    /// <summary>The sum of the products of both arguments.</summary>
    Product = 6,
}
