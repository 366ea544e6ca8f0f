using System.Collections.Immutable;
using CleanRoom.Policy.Bound;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Verdicts;

namespace CleanRoom.Policy.Evaluation;

/// <summary>Functions above the aggregate that have a value for every number, and for null.</summary>
internal sealed partial class PlanEvaluator
{
    private OutputExpression? FunctionOf(BoundExpression.Function function, ImmutableArray<PlanValue> columns)
    {
        switch (function.Name.ToLowerInvariant(), function.Arguments)
        {
            case ("abs" or "@", [var only]):
                return Rounding(RoundingFunction.Absolute, only, 0, columns);
            case ("floor", [var only]):
                return Rounding(RoundingFunction.Floor, only, 0, columns);
            case ("ceil" or "ceiling", [var only]):
                return Rounding(RoundingFunction.Ceiling, only, 0, columns);
            case ("round", [var only]):
                return Rounding(RoundingFunction.Round, only, 0, columns);
            case ("round", [var only, var digits]) when Digits(digits) is { } count:
                return Rounding(RoundingFunction.Round, only, count, columns);
            case ("greatest", [_, _, ..] items):
                return Chosen(ChoiceFunction.Greatest, items, columns);
            case ("least", [_, _, ..] items):
                return Chosen(ChoiceFunction.Least, items, columns);
            default:
                return Arithmetic(function, columns);
        }
    }

    private static int? Digits(BoundExpression expression) =>
        ConstantCasts.Evaluate(expression) is ConstantValue.Number { Scale: 0, Unscaled: var digits } && digits >= -CellType.MaxScale && digits <= CellType.MaxScale
            ? (int)digits
            : null;

    private OutputExpression? Rounding(RoundingFunction function, BoundExpression operand, int digits, ImmutableArray<PlanValue> columns) =>
        Numeric(Output(operand, columns)) is { } number ? OfSize(new OutputExpression.Rounded(function, number, digits)) : null;

    /// <summary>Folds the values into pairs: nulls do not count, so that the order of the pairs does not matter.</summary>
    private OutputExpression? Chosen(ChoiceFunction function, ImmutableArray<BoundExpression> items, ImmutableArray<PlanValue> columns)
    {
        var values = items.Select(item => Output(item, columns)).ToList();
        if (values.Any(value => value is null))
        {
            return null;
        }

        var isOneType = values.All(value => value!.CellType.IsNumeric)
            || (function == ChoiceFunction.Coalesce && values.All(value => value!.CellType == values[0]!.CellType));
        if (!isOneType)
        {
            findings.Add(RoomRules.Cast("values of several types, or a comparison of something else than numbers"));
            return null;
        }

        return values.Skip(1).Aggregate(values[0], (left, right) => left is null ? null : OfSize(new OutputExpression.Choice(function, left, right!)));
    }

    private OutputExpression? OfSize(OutputExpression expression)
    {
        if (expression.Nodes > OutputExpression.MaxNodes)
        {
            findings.Add(RoomRules.Op("expression of this size"));
            return null;
        }

        return expression;
    }

    /// <summary>Recognises what the engine makes of <c>nullif(x, y)</c>: CASE WHEN x = y THEN NULL ELSE x END.</summary>
    private OutputExpression? NullIf(BoundExpression.Case choice, ImmutableArray<PlanValue> columns)
    {
        if (choice.Branches is not [(BoundExpression.Compare { Comparison: "COMPARE_EQUAL" } when, var then)]
            || ConstantCasts.Evaluate(then) is not ConstantValue.Null
            || Output(choice.Otherwise, columns) is not { CellType.IsNumeric: true } otherwise
            || !Equals(Output(when.Left, columns), otherwise)
            || Output(when.Right, columns) is not { CellType.IsNumeric: true } other)
        {
            findings.Add(RoomRules.Function("CASE"));
            return null;
        }

        return OfSize(other is OutputExpression.Constant { Value.Text: "0" }
            ? new OutputExpression.NullIfZero(otherwise)
            : new OutputExpression.Choice(ChoiceFunction.NullIf, otherwise, other));
    }
}
