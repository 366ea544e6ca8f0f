using System.Collections.Immutable;
using System.Diagnostics;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Privacy.Mechanisms;
using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Policy.Plans;

/// <summary>The exact numbers of a group that noise is added to, and their mechanisms: functions of the plan.</summary>
/// <remarks>The budget of the plan is split evenly over them. Spec: contracts/spec/0008 s.11.</remarks>
public static class NoisyValues
{
    /// <summary>Returns them: the hidden number of people where it is needed, then those of each aggregate.</summary>
    /// <exception cref="InvalidOperationException">The plan is not of the dp tier.</exception>
    public static ImmutableArray<NoisyValue> Of(QueryPlan plan)
    {
        var noise = plan.Noise ?? throw new InvalidOperationException("wanted a plan of the dp tier");
        var values = plan.Aggregates.SelectMany((aggregate, index) => Kinds(plan, aggregate).Select(kind => new NoisyValue(kind, index)));
        return noise.PublicGroups is null || plan.Aggregates.Any(aggregate => IsUnits(plan, aggregate))
            ? [new NoisyValue(NoisyKind.Units, -1), .. values]
            : [.. values];
    }

    /// <summary>Returns the mechanism of each, within an even share of the budget.</summary>
    /// <returns>Empty when the budget cannot be split.</returns>
    public static ImmutableArray<NoiseMechanism> Mechanisms(QueryPlan plan)
    {
        var values = Of(plan);
        var share = Calibration.Share(plan.Noise!.NanoRho, values.Length);
        return share < 1 ? [] : [.. values.Select(value => Calibration.Choose(SensitivityOf(plan.Noise, value), share))];
    }

    /// <summary>
    /// Says whether an aggregate is the number of people itself: the different values of a column that is the person's name, or that a join
    /// makes equal to it. One person then adds at most 1 to a group, and no more noise is needed than for that.
    /// </summary>
    public static bool IsUnits(QueryPlan plan, PlanAggregate aggregate) =>
        aggregate is { Function: AggregateFunction.CountDistinct, Column: { } column }
        && JoinedColumns.EqualToUnit(plan, plan.Noise!.UnitTable).Contains(JoinedColumns.Key(column));

    /// <summary>Returns what an answer costs.</summary>
    public static PrivacyCost CostOf(QueryPlan plan) => PrivacyCost.Of(Mechanisms(plan), DeltaOf(plan));

    /// <summary>Returns the delta of the choice of groups.</summary>
    public static Rational DeltaOf(QueryPlan plan) => Rational.Of(plan.Noise!.AttoDelta, PrivacyCost.AttoOne);

    private static IEnumerable<NoisyKind> Kinds(QueryPlan plan, PlanAggregate aggregate) => aggregate.Function switch
    {
        AggregateFunction.CountRows => [NoisyKind.Rows],
        AggregateFunction.CountDistinct => IsUnits(plan, aggregate) ? [] : [NoisyKind.Distinct],
        AggregateFunction.Sum => [NoisyKind.Sum],
        AggregateFunction.Average => [NoisyKind.Numerator, NoisyKind.Denominator],
        _ => throw new UnreachableException(),
    };

    private static Sensitivity SensitivityOf(PlanNoise noise, NoisyValue value) => value.Kind switch
    {
        NoisyKind.Units => Sensitivity.Units(noise.MaxGroupsPerUnit),
        NoisyKind.Rows or NoisyKind.Denominator => Sensitivity.Rows(noise.MaxGroupsPerUnit, noise.MaxRowsPerUnit),
        NoisyKind.Distinct => Sensitivity.Distinct(noise.MaxGroupsPerUnit, noise.MaxRowsPerUnit),
        NoisyKind.Sum when noise.Clamps[value.Aggregate] is { } clamp => Sensitivity.Sum(noise.MaxGroupsPerUnit, clamp.Lower, clamp.Upper),
        NoisyKind.Numerator when noise.Clamps[value.Aggregate] is { } clamp =>
            Sensitivity.AverageNumerator(noise.MaxGroupsPerUnit, noise.MaxRowsPerUnit, clamp.Lower, clamp.Upper),
        _ => throw new UnreachableException(),
    };
}

/// <summary>An exact number of a group that noise is added to.</summary>
/// <param name="Kind">What is counted or added up.</param>
/// <param name="Aggregate">The aggregate of the plan that it is part of; -1 for the people.</param>
public sealed record NoisyValue(NoisyKind Kind, int Aggregate);

/// <summary>What is counted or added up.</summary>
public enum NoisyKind
{
    /// <summary>The people of a group.</summary>
    Units = 1,

    /// <summary>Rows, at most M of a person.</summary>
    Rows = 2,

    /// <summary>Different values, at most M of a person.</summary>
    Distinct = 3,

    /// <summary>A sum, clamped for each person.</summary>
    Sum = 4,

    /// <summary>The sum of 2x - (lower + upper), at most M rows of a person.</summary>
    Numerator = 5,

    /// <summary>Rows with a value, at most M of a person.</summary>
    Denominator = 6,
}
