using System.Numerics;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Evaluation;

/// <summary>Whether a statistic's sums of squares and products can overflow, from declared bounds alone.</summary>
/// <remarks>An overflow would tell a run with somebody's value from one without. Spec: contracts/spec/0003 s.4.</remarks>
internal static class MomentBounds
{
    private static readonly BigInteger _limit = BigInteger.Pow(10, 37);

    /// <summary>Says whether rows x fan-out x largest product stays below 10^37, for every product that the function adds up.</summary>
    /// <param name="function">A statistic.</param>
    /// <param name="measures">Its arguments, one or two.</param>
    /// <returns>False also where a column has no bounds.</returns>
    public static bool Hold(AggregateFunction function, IReadOnlyList<PlanValue.Raw> measures)
    {
        var rows = (BigInteger)ContractRules.MaxRowsPerDataset * measures.Max(measure => Math.Max(1, measure.Dataset.Policy.Join.MaxFanout));
        var first = Largest(measures[0]);
        var second = Largest(measures[^1]);
        return first is { } a && second is { } b && function.Moments().All(moment => rows * Product(moment, a, b) < _limit);
    }

    /// <summary>Says whether sums of the dataset's own columns would stay below 10^37 with another fan-out. Spec: contracts/spec/0003 s.4.</summary>
    public static bool AllowFanout(Dataset dataset, long fanout) => dataset.Policy.Columns.Values
        .All(column => Largest(column, column.Type == ColumnType.Decimal ? column.Scale ?? CellType.MaxScale : 0) is not { } largest
            || largest * ContractRules.MaxRowsPerDataset * fanout < _limit);

    private static BigInteger Product(Moment moment, BigInteger first, BigInteger second) => moment switch
    {
        Moment.None or Moment.Count => BigInteger.One,
        Moment.First => first,
        Moment.Second => second,
        Moment.FirstSquared => first * first,
        Moment.SecondSquared => second * second,
        Moment.Product => first * second,
        _ => throw new ArgumentOutOfRangeException(nameof(moment)),
    };

    /// <summary>The largest absolute value in units of the last digit; null without bounds.</summary>
    private static BigInteger? Largest(PlanValue.Raw measure) => measure.Dataset.Policy.Columns[measure.Column.Name] is { Scale: not null } column
        ? Largest(column, measure.Column.Scale)
        : null;

    private static BigInteger? Largest(ColumnPolicy column, int scale) => column.Clamp is { } clamp
        ? new BigInteger(decimal.Ceiling(Math.Max(Math.Abs(clamp.Min), Math.Abs(clamp.Max)))) * BigInteger.Pow(10, scale)
        : null;
}
