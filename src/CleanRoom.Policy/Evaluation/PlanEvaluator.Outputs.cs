using System.Collections.Immutable;
using CleanRoom.Policy.Bound;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Verdicts;

namespace CleanRoom.Policy.Evaluation;

/// <summary>Expressions above the aggregate: arithmetic on numbers that the gate has let through, none of which can fail.</summary>
internal sealed partial class PlanEvaluator
{
    /// <summary>Evaluates an output; opaque when it is refused, which is then among the findings.</summary>
    private PlanValue Above(BoundExpression expression, ImmutableArray<PlanValue> columns) =>
        Output(expression, columns) is { } output ? new PlanValue.Output(output) : new PlanValue.Opaque([]);

    private OutputExpression? Output(BoundExpression expression, ImmutableArray<PlanValue> columns)
    {
        if (ConstantCasts.Evaluate(expression) is { } constant)
        {
            if (Literals.ForOutput(constant) is var (literal, type))
            {
                return new OutputExpression.Constant(literal, type);
            }

            findings.Add(RoomRules.Cast("a constant has no type that can be released"));
            return null;
        }

        switch (expression)
        {
            case BoundExpression.Reference reference when reference.Index < columns.Length:
                // What is opaque was refused where it became so.
                return (columns[reference.Index] as PlanValue.Output)?.Expression;
            case BoundExpression.Cast { Try: false } cast when cast.Type.Id is "DOUBLE" or "DECIMAL" or "BIGINT" or "HUGEINT":
                return Numeric(Output(cast.Operand, columns));
            case BoundExpression.Function function:
                return FunctionOf(function, columns);
            case BoundExpression.Operator { Name: "OPERATOR_COALESCE", Items: [_, _, ..] items }:
                return Chosen(ChoiceFunction.Coalesce, items, columns);
            case BoundExpression.Case choice:
                return NullIf(choice, columns);
            case BoundExpression.Cast:
                findings.Add(RoomRules.Cast("a result is converted"));
                return null;
            case BoundExpression.Unknown unknown:
                findings.Add(RoomRules.Op($"expression of kind {unknown.Class}"));
                return null;
            default:
                findings.Add(RoomRules.Function("a condition outside WHERE and HAVING"));
                return null;
        }
    }

    private OutputExpression? Numeric(OutputExpression? expression)
    {
        if (expression is { CellType.IsNumeric: false })
        {
            findings.Add(RoomRules.Cast("arithmetic on something else than a number"));
            return null;
        }

        return expression;
    }

    private OutputExpression? Arithmetic(BoundExpression.Function function, ImmutableArray<PlanValue> columns)
    {
        ArithmeticOperator? op = (function.Name, function.Arguments.Length) switch
        {
            ("+", 2) => ArithmeticOperator.Add,
            ("-", 1 or 2) => ArithmeticOperator.Subtract,
            ("*", 2) => ArithmeticOperator.Multiply,
            ("/", 2) => ArithmeticOperator.Divide,
            _ => null,
        };
        if (op is null)
        {
            findings.Add(RoomRules.Function(function.Name));
            return null;
        }

        var right = Numeric(Output(function.Arguments[^1], columns));
        var left = function.Arguments.Length == 2 ? Numeric(Output(function.Arguments[0], columns)) : Zero();
        if (left is null || right is null)
        {
            return null;
        }

        if (op == ArithmeticOperator.Divide && right is not (OutputExpression.NullIfZero or OutputExpression.Constant { Value.Text: not "0" }))
        {
            findings.Add(RoomRules.Function("division without nullif(divisor, 0)"));
            return null;
        }

        return OfSize(new OutputExpression.Arithmetic(op.Value, left, right));
    }

    private static OutputExpression.Constant Zero() =>
        new(new Literal(Protocol.Documents.ColumnType.Decimal, "0"), CellType.OfScale(0));

    /// <summary>Returns the condition; null when it is refused, which is then among the findings.</summary>
    private OutputCondition? HavingCondition(BoundExpression expression, ImmutableArray<PlanValue> columns)
    {
        switch (expression)
        {
            case BoundExpression.Conjunction conjunction:
                var items = conjunction.Items.Select(item => HavingCondition(item, columns)).ToList();
                return items.Any(item => item is null)
                    ? null
                    : conjunction.IsAnd
                        ? new OutputCondition.And([.. items.OfType<OutputCondition>()])
                        : new OutputCondition.Or([.. items.OfType<OutputCondition>()]);
            case BoundExpression.Operator { Name: "OPERATOR_NOT", Items: [var item] }:
                return HavingCondition(item, columns) is { } inner ? new OutputCondition.Not(inner) : null;
            case BoundExpression.Operator { Name: "OPERATOR_IS_NULL" or "OPERATOR_IS_NOT_NULL", Items: [var item] } op:
                return Output(item, columns) is { } operand && OverAggregates(operand)
                    ? new OutputCondition.IsNull(operand, op.Name == "OPERATOR_IS_NOT_NULL")
                    : null;
            case BoundExpression.Compare compare when ComparisonOf(compare.Comparison) is { } comparison:
                var (left, right) = (Output(compare.Left, columns), Output(compare.Right, columns));
                return left is null || right is null ? null : HavingCompare(left, comparison, right);
            default:
                findings.Add(RoomRules.Op("condition on something else than an aggregate and a literal"));
                return null;
        }
    }

    private OutputCondition.Compare? HavingCompare(OutputExpression left, Comparison comparison, OutputExpression right)
    {
        if (left is OutputExpression.Constant && right is not OutputExpression.Constant)
        {
            return HavingCompare(right, comparison.Mirror(), left);
        }

        if (!OverAggregates(left))
        {
            return null;
        }

        if (right is OutputExpression.Constant { CellType.IsNumeric: true } constant && left.CellType.IsNumeric)
        {
            return new OutputCondition.Compare(left, comparison, constant.Value);
        }

        findings.Add(RoomRules.Op("condition on something else than an aggregate and a literal"));
        return null;
    }

    /// <summary>A condition on keys alone is a condition on rows in disguise.</summary>
    private bool OverAggregates(OutputExpression expression)
    {
        if (HasAggregate(expression))
        {
            return true;
        }

        if (expression is OutputExpression.Key key)
        {
            var column = Groups[key.Index].Column;
            var dataset = scope.Of(Tables[column.Table]);
            Require([new Source(dataset, column.Name)], "FILTER", Protocol.Documents.ColumnUse.Filter);
        }

        findings.Add(RoomRules.OpPosition("a condition on a column stands above the aggregate", "move it to WHERE"));
        return false;
    }

    private static bool HasAggregate(OutputExpression expression) =>
        expression is OutputExpression.Aggregate || expression.Parts.Any(HasAggregate);
}
