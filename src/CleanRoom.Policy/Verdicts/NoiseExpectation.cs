using System.Collections.Immutable;
using System.Numerics;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.Mechanisms;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Verdicts;

/// <summary>How exact an answer of the dp tier will be: what people ask before they approve or spend. It depends on no data.</summary>
/// <remarks>Spec: contracts/spec/0008 s.11.</remarks>
internal static class NoiseExpectation
{
    /// <summary>The group that an average's width is shown for: the noise of an average is smaller where there are more rows.</summary>
    private const int Rows = 1_000;

    /// <summary>Digits beyond the column's own in an average's width.</summary>
    private const int AverageDigits = 2;

    /// <summary>Returns the width of each aggregate's noise.</summary>
    /// <param name="plan">A plan of the dp tier.</param>
    public static ImmutableArray<ExpectedNoise> Of(QueryPlan plan)
    {
        var widths = NoisyValues.Of(plan).Zip(NoisyValues.Mechanisms(plan), (value, mechanism) => (value, Width: mechanism.HalfWidth(Calibration.Exceeded)))
            .ToDictionary(pair => pair.value, pair => pair.Width);
        return [.. plan.Aggregates.Select((aggregate, index) => Of(plan, aggregate, index, widths))];
    }

    private static ExpectedNoise Of(QueryPlan plan, PlanAggregate aggregate, int index, Dictionary<NoisyValue, BigInteger> widths)
    {
        if (aggregate.Function == AggregateFunction.Average)
        {
            return Shown(aggregate, Average(plan, index, widths), aggregate.Column!.Scale + AverageDigits, Rows);
        }

        var kind = aggregate.Function switch
        {
            AggregateFunction.CountRows => new NoisyValue(NoisyKind.Rows, index),
            AggregateFunction.Sum => new NoisyValue(NoisyKind.Sum, index),
            _ => NoisyValues.IsUnits(plan, aggregate) ? new NoisyValue(NoisyKind.Units, -1) : new NoisyValue(NoisyKind.Distinct, index),
        };
        return Shown(aggregate, widths[kind], aggregate.Function == AggregateFunction.Sum ? aggregate.Column!.Scale : 0, rows: null);
    }

    /// <summary>The numerator is twice the sum off the middle; an error of the denominator counts at most half the clamp's width for each row.</summary>
    private static BigInteger Average(QueryPlan plan, int index, Dictionary<NoisyValue, BigInteger> widths)
    {
        var clamp = plan.Noise!.Clamps[index]!;
        var twice = widths[new NoisyValue(NoisyKind.Numerator, index)]
            + (widths[new NoisyValue(NoisyKind.Denominator, index)] * (clamp.Upper - clamp.Lower));
        return -(-twice * BigInteger.Pow(10, AverageDigits) / (2 * Rows)) + 1;
    }

    private static ExpectedNoise Shown(PlanAggregate aggregate, BigInteger width, int scale, int? rows) => new()
    {
        Aggregate = aggregate.Function switch
        {
            AggregateFunction.CountRows => "count(*)",
            AggregateFunction.CountDistinct => $"count(DISTINCT {aggregate.Column!.Name})",
            _ => $"{aggregate.Function.Word()}({aggregate.Column!.Name})",
        },
        Within = new CellValue.Number(width, scale).ToString(),
        Rows = rows,
    };
}
