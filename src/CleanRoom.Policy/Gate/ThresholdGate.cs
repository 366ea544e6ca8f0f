using System.Collections.Immutable;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;

namespace CleanRoom.Policy.Gate;

/// <summary>The threshold tier's output gate: withholds rows and cells of too few people, and only then looks at HAVING, ORDER BY and LIMIT.</summary>
/// <remarks>
/// What is withheld leaves no trace: no count, no marker, no gap in an order. Pure: no clock, no state. Spec: contracts/spec/0003 s.4.
/// </remarks>
public static class ThresholdGate
{
    private const int Percent = 100;

    /// <summary>Applies the gate.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="rows">The rows of the generated SQL, each with the columns of <see cref="GeneratedLayout"/>. Trust: engine-controlled.</param>
    /// <exception cref="ArgumentException">A row has another number of columns, or a value of another type or a larger scale.</exception>
    /// <exception cref="InvalidOperationException">The plan wants the audit of earlier answers: <see cref="HistoryGate"/> is its gate.</exception>
    public static ReleasedTable Apply(QueryPlan plan, IEnumerable<ImmutableArray<CellValue>> rows) => plan.History is null
        ? GateRows.Release(plan, Survivors(plan, rows).Select(survivor => survivor.Cells))
        : throw new InvalidOperationException("wanted a plan without an audit of earlier answers; got one with it");

    /// <summary>Returns the rows of enough people, each with what survives in it.</summary>
    internal static IEnumerable<Survivor> Survivors(QueryPlan plan, IEnumerable<ImmutableArray<CellValue>> rows)
    {
        var layout = GeneratedLayout.Of(plan);
        return GateRows.Checked(layout, rows).Where(row => HasEnoughUnits(plan, layout, row)).Select(row => Survive(plan, layout, row));
    }

    private static bool HasEnoughUnits(QueryPlan plan, ImmutableArray<GeneratedColumn> layout, ImmutableArray<CellValue> row)
    {
        for (var i = 0; i < layout.Length; i++)
        {
            if (layout[i].Kind == GeneratedKind.Units && !Reaches(row[i], plan.Tables[layout[i].Table].MinUnits))
            {
                return false;
            }
        }

        return true;
    }

    private static Survivor Survive(QueryPlan plan, ImmutableArray<GeneratedColumn> layout, ImmutableArray<CellValue> row)
    {
        var keys = ImmutableArray.CreateBuilder<CellValue>(plan.Groups.Length);
        var aggregates = new Rational?[plan.Aggregates.Length];
        var moments = plan.Aggregates.Select(_ => new MomentSums()).ToList();
        var withheld = new bool[plan.Aggregates.Length];
        for (var i = 0; i < layout.Length; i++)
        {
            var column = layout[i];
            switch (column.Kind)
            {
                case GeneratedKind.Key:
                    keys.Add(row[i]);
                    break;
                case GeneratedKind.Value or GeneratedKind.Numerator:
                    aggregates[column.Index] = Number(row[i]);
                    break;
                case GeneratedKind.Denominator:
                    aggregates[column.Index] = aggregates[column.Index] is { } sum && Number(row[i]) is { } count
                        ? Rational.Compute(ArithmeticOperator.Divide, sum, count)
                        : null;
                    break;
                case GeneratedKind.Moment:
                    moments[column.Index].Add(column.Moment, row[i]);
                    break;
                case GeneratedKind.Contributors:
                    withheld[column.Index] |= !Reaches(row[i], plan.Tables[column.Table].MinUnits);
                    break;
                case GeneratedKind.UnitTotal:
                    // The largest and the second largest follow their total. Spec: contracts/spec/0008 s.10.
                    withheld[column.Index] |= Dominated(row[i], row[i + 1], row[i + 2], plan.DominancePercent ?? Percent);
                    break;
            }
        }

        for (var i = 0; i < aggregates.Length; i++)
        {
            if (plan.Aggregates[i].Function.IsStatistic())
            {
                aggregates[i] = Statistics.Of(plan.Aggregates[i], moments[i]);
            }
        }

        return new Survivor(
            row, new GatedRow(keys.ToImmutable(), [.. aggregates.Select((value, index) => withheld[index] ? null : value)]), [.. withheld]);
    }

    private static bool Reaches(CellValue units, int least) => units is CellValue.Number { Scale: 0 } number && number.Unscaled >= least;

    /// <summary>The p%-rule: what is left without the two largest must be at least p% of the largest.</summary>
    private static bool Dominated(CellValue total, CellValue largest, CellValue second, int percent)
    {
        if (total is not CellValue.Number t || largest is not CellValue.Number first)
        {
            return true;
        }

        var rest = Rational.Compute(ArithmeticOperator.Subtract, Rational.Of(t), Rational.Of(first))!.Value;
        if (second is CellValue.Number next)
        {
            rest = Rational.Compute(ArithmeticOperator.Subtract, rest, Rational.Of(next))!.Value;
        }

        var left = Rational.Of(new CellValue.Number(Percent, 0));
        var right = Rational.Of(new CellValue.Number(percent, 0));
        return Rational.Compute(ArithmeticOperator.Multiply, rest, left)!.Value
            .CompareTo(Rational.Compute(ArithmeticOperator.Multiply, Rational.Of(first), right)!.Value) < 0;
    }

    private static Rational? Number(CellValue value) => value is CellValue.Number number ? Rational.Of(number) : null;

    /// <summary>A row of enough people.</summary>
    /// <param name="Row">As the engine gave it, with its hidden columns.</param>
    /// <param name="Cells">What may leave.</param>
    /// <param name="Withheld">Which aggregates are withheld already.</param>
    internal sealed record Survivor(ImmutableArray<CellValue> Row, GatedRow Cells, ImmutableArray<bool> Withheld);
}
