using System.Numerics;

namespace CleanRoom.Privacy.Bounding;

/// <summary>The bounded aggregates over rows in memory, written to be read: what the generated SQL MUST compute.</summary>
/// <remarks>
/// Each unit is kept in at most L0 groups, and moves each of them by at most the sensitivity of the aggregate. A group that nobody is kept in
/// is absent. Spec: contracts/spec/0014 s.8.
/// </remarks>
public static class ContributionBounding
{
    /// <summary>The number of units of each group.</summary>
    public static IReadOnlyDictionary<string, BigInteger> Units(IEnumerable<BoundedRow> rows, ContributionBounds bounds) =>
        Total(rows, bounds, _ => 1);

    /// <summary>count(*): each unit counts for at most M rows.</summary>
    public static IReadOnlyDictionary<string, BigInteger> Rows(IEnumerable<BoundedRow> rows, ContributionBounds bounds) =>
        Total(rows, bounds, values => Math.Min(values.Count, bounds.MaxRowsPerUnit));

    /// <summary>sum(x): each unit's total of a group is clamped; NULLs add nothing, and a unit of NULLs alone adds 0.</summary>
    /// <remarks>A unit without a value adds 0 even where the clamp leaves 0 out: it is as if it were not there.</remarks>
    public static IReadOnlyDictionary<string, BigInteger> Sum(IEnumerable<BoundedRow> rows, ContributionBounds bounds, Int128 lower, Int128 upper) =>
        Total(rows, bounds, values => Present(values) is { Count: > 0 } present ? BigInteger.Clamp(Add(present), lower, upper) : 0);

    /// <summary>The denominator of avg(x): each unit counts for at most M rows that have a value.</summary>
    public static IReadOnlyDictionary<string, BigInteger> AverageDenominator(IEnumerable<BoundedRow> rows, ContributionBounds bounds) =>
        Total(rows, bounds, values => Math.Min(Present(values).Count, bounds.MaxRowsPerUnit));

    /// <summary>The numerator of avg(x): the sum of 2x - (lower + upper) with each x clamped.</summary>
    /// <remarks>A unit with n > M values adds M/n of its sum, rounded towards 0: its mean counts M times, whichever rows it has.</remarks>
    public static IReadOnlyDictionary<string, BigInteger> AverageNumerator(
        IEnumerable<BoundedRow> rows, ContributionBounds bounds, Int128 lower, Int128 upper) =>
        Total(rows, bounds, values =>
        {
            var offsets = Present(values).ConvertAll(value => (2 * BigInteger.Clamp(value, lower, upper)) - lower - upper);
            return Add(offsets) * Math.Min(offsets.Count, bounds.MaxRowsPerUnit) / Math.Max(1, offsets.Count);
        });

    /// <summary>count(DISTINCT y): of each unit at most M values of a group count, those first in the salted order.</summary>
    public static IReadOnlyDictionary<string, BigInteger> Distinct(IEnumerable<BoundedRow> rows, ContributionBounds bounds) =>
        Kept(rows, bounds).GroupBy(kept => kept.Group, StringComparer.Ordinal).ToDictionary(
            group => group.Key,
            group => (BigInteger)group.SelectMany(kept => FirstItems(kept, bounds)).Distinct(StringComparer.Ordinal).Count(),
            StringComparer.Ordinal);

    private static Dictionary<string, BigInteger> Total(
        IEnumerable<BoundedRow> rows, ContributionBounds bounds, Func<IReadOnlyList<Int128?>, BigInteger> contribution) =>
        Kept(rows, bounds).GroupBy(kept => kept.Group, StringComparer.Ordinal).ToDictionary(
            group => group.Key, group => Add(group.Select(kept => contribution(kept.Values))), StringComparer.Ordinal);

    private static IEnumerable<UnitInGroup> Kept(IEnumerable<BoundedRow> rows, ContributionBounds bounds)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(bounds);
        return rows.GroupBy(row => row.Unit, StringComparer.Ordinal).SelectMany(unit => unit
            .GroupBy(row => row.Group, StringComparer.Ordinal)
            .OrderBy(group => BoundingOrder.Of(bounds.Salt, unit.Key, group.Key), StringComparer.Ordinal)
            .Take(bounds.MaxGroups)
            .Select(group => new UnitInGroup(unit.Key, group.Key, [.. group.Select(row => row.Value)], [.. group.Select(row => row.Item)])));
    }

    private static IEnumerable<string> FirstItems(UnitInGroup kept, ContributionBounds bounds) => kept.Items.OfType<string>()
        .Distinct(StringComparer.Ordinal)
        .OrderBy(item => BoundingOrder.Of(bounds.Salt, kept.Unit, item), StringComparer.Ordinal)
        .Take(bounds.MaxRowsPerUnit);

    private static List<BigInteger> Present(IEnumerable<Int128?> values) => [.. values.OfType<Int128>().Select(value => (BigInteger)value)];

    private static BigInteger Add(IEnumerable<BigInteger> values) => values.Aggregate(BigInteger.Zero, BigInteger.Add);

    private sealed record UnitInGroup(string Unit, string Group, IReadOnlyList<Int128?> Values, IReadOnlyList<string?> Items);
}
