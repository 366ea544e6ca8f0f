using System.Numerics;

namespace CleanRoom.Privacy.Mechanisms;

/// <summary>How far all rows of one PrivacyUnit can move one aggregate, in units of the integer that is aggregated.</summary>
/// <remarks>
/// Adjacency: add or remove all rows of one unit in all tables of its domain. A unit is in at most L0 groups and moves each by at most
/// <see cref="LInf"/>; so the L1 and L2 norms over the groups are bounded as below. Spec: contracts/spec/0014 s.5.
/// </remarks>
public sealed record Sensitivity
{
    private Sensitivity(BigInteger lInf, int maxGroups) => (LInf, MaxGroups) = (lInf, maxGroups);

    /// <summary>Gets the largest move of one group, at least 1.</summary>
    public BigInteger LInf { get; }

    /// <summary>Gets L0, the most groups that a unit is counted in; at least 1.</summary>
    public int MaxGroups { get; }

    /// <summary>Gets the L1 norm over all groups.</summary>
    public BigInteger L1 => LInf * MaxGroups;

    /// <summary>Gets the square of the L2 norm over all groups.</summary>
    public BigInteger L2Squared => LInf * LInf * MaxGroups;

    /// <summary>The number of units of a group.</summary>
    public static Sensitivity Units(int maxGroups) => Of(1, maxGroups);

    /// <summary>count(*), each unit with at most <paramref name="maxRowsPerUnit"/> rows a group; also the denominator of an average.</summary>
    public static Sensitivity Rows(int maxGroups, int maxRowsPerUnit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRowsPerUnit);
        return Of(maxRowsPerUnit, maxGroups);
    }

    /// <summary>sum(x), each unit's total of a group clamped from <paramref name="lower"/> to <paramref name="upper"/>.</summary>
    public static Sensitivity Sum(int maxGroups, Int128 lower, Int128 upper)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lower, upper);
        return Of(BigInteger.Max(BigInteger.Abs(lower), BigInteger.Abs(upper)), maxGroups);
    }

    /// <summary>The numerator of avg(x): the sum of 2x - (lower + upper) over at most <paramref name="maxRowsPerUnit"/> rows.</summary>
    /// <remarks>Doubled, so that the middle of the clamp is a whole number. Each row is off the middle by at most (upper - lower)/2.</remarks>
    public static Sensitivity AverageNumerator(int maxGroups, int maxRowsPerUnit, Int128 lower, Int128 upper)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRowsPerUnit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lower, upper);
        return Of(((BigInteger)upper - lower) * maxRowsPerUnit, maxGroups);
    }

    /// <summary>count(DISTINCT y), each unit with at most <paramref name="maxValuesPerUnit"/> different values a group.</summary>
    public static Sensitivity Distinct(int maxGroups, int maxValuesPerUnit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxValuesPerUnit);
        return Of(maxValuesPerUnit, maxGroups);
    }

    // Where a clamp leaves one value the true sensitivity is 0; noise is drawn for 1, so that no mechanism is without noise.
    private static Sensitivity Of(BigInteger lInf, int maxGroups)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxGroups);
        return new Sensitivity(BigInteger.Max(1, lInf), maxGroups);
    }
}
