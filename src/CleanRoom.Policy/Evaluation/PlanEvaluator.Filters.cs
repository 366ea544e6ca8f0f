using System.Collections.Immutable;
using CleanRoom.Policy.Bound;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Verdicts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Evaluation;

/// <summary>WHERE: boolean combinations of one base column against literals on its grain.</summary>
internal sealed partial class PlanEvaluator
{
    /// <summary>Returns the condition; null when it is refused, which is then among the findings.</summary>
    private PlanFilter? RowCondition(BoundExpression expression, ImmutableArray<PlanValue> columns)
    {
        switch (expression)
        {
            case BoundExpression.Conjunction conjunction:
                var items = conjunction.Items.Select(item => RowCondition(item, columns)).ToList();
                return items.Any(item => item is null)
                    ? null
                    : conjunction.IsAnd ? new PlanFilter.And([.. items.OfType<PlanFilter>()]) : new PlanFilter.Or([.. items.OfType<PlanFilter>()]);
            case BoundExpression.Operator { Name: "OPERATOR_NOT", Items: [var item] }:
                return RowCondition(item, columns) is { } inner ? new PlanFilter.Not(inner) : null;
            default:
                Require(SourcesOf(expression, columns), "FILTER", ColumnUse.Filter);
                return Leaf(expression, columns);
        }
    }

    private PlanFilter? Leaf(BoundExpression expression, ImmutableArray<PlanValue> columns)
    {
        switch (expression)
        {
            case BoundExpression.Reference when RawOf(expression, columns) is { Column.Type: ColumnType.Boolean } raw:
                return new PlanFilter.Compare(raw.Column, Comparison.Equal, new Literal(ColumnType.Boolean, "true"));
            case BoundExpression.Operator { Name: "OPERATOR_IS_NULL" or "OPERATOR_IS_NOT_NULL", Items: [var item] } op
                when RawOf(item, columns) is { } raw:
                return new PlanFilter.IsNull(raw.Column, op.Name == "OPERATOR_IS_NOT_NULL");
            case BoundExpression.Operator { Name: "COMPARE_IN" or "COMPARE_NOT_IN", Items: [var item, .. var values] } op
                when RawOf(item, columns) is { } raw:
                var literals = values.Select(value => LiteralFor(raw, Comparison.Equal, Row(value, columns))).ToList();
                return literals.Any(literal => literal is null)
                    ? null
                    : new PlanFilter.In(raw.Column, op.Name == "COMPARE_NOT_IN", [.. literals.OfType<Literal>()]);
            case BoundExpression.Compare compare when ComparisonOf(compare.Comparison) is { } comparison:
                return CompareLeaf(compare, comparison, columns);
            default:
                Unsupported(expression, columns);
                return null;
        }
    }

    private PlanFilter.Compare? CompareLeaf(BoundExpression.Compare compare, Comparison comparison, ImmutableArray<PlanValue> columns)
    {
        var (left, right) = (RawOf(compare.Left, columns), RawOf(compare.Right, columns));
        if (left is not null && right is not null)
        {
            findings.Add(RoomRules.Join("WHERE compares two columns"));
            return null;
        }

        if (left is null && right is null)
        {
            Unsupported(compare, columns);
            return null;
        }

        var raw = left ?? right!;
        var effective = left is null ? comparison.Mirror() : comparison;
        return LiteralFor(raw, effective, Row(left is null ? compare.Left : compare.Right, columns)) is { } literal
            ? new PlanFilter.Compare(raw.Column, effective, literal)
            : null;
    }

    private Literal? LiteralFor(PlanValue.Raw raw, Comparison comparison, PlanValue value)
    {
        if (value is not PlanValue.Constant { Value: var constant })
        {
            // What it is instead of a literal is already among the findings, unless it is a period or band.
            findings.Add(RoomRules.Op("condition on something else than a column and a literal"));
            return null;
        }

        var grain = Grain.Of(raw.Dataset.Policy.Columns[raw.Column.Name]);
        var literal = Literals.For(raw.Column, constant);
        if (literal is null && !Literals.SameKind(raw.Column, constant))
        {
            findings.Add(RoomRules.Cast("a literal is not of its column's type"));
            return null;
        }

        if (literal is null || (!scope.IsOwn(raw.Dataset) && !grain.Admits(comparison, literal)))
        {
            findings.Add(OwnerRules.Grain(
                raw.Dataset,
                raw.Column.Name,
                grain.Name,
                "a condition divides it elsewhere",
                $"compare {raw.Column.Name} by < or >= with a value on the grain",
                isExact: literal is not null));
            return null;
        }

        return literal;
    }

    private void Unsupported(BoundExpression expression, ImmutableArray<PlanValue> columns)
    {
        // Naming what is inside gives the code; a bare comparison of other things has none of its own.
        if (expression is BoundExpression.Conjunction or BoundExpression.Compare or BoundExpression.Operator { Name: not "OPERATOR_COALESCE" })
        {
            foreach (var part in expression.Parts)
            {
                Unsupported(part, columns);
            }
        }
        else
        {
            Row(expression, columns);
        }

        findings.Add(RoomRules.Op("condition on something else than a column and a literal"));
    }

    private static Comparison? ComparisonOf(string name) => name switch
    {
        "COMPARE_EQUAL" => Comparison.Equal,
        "COMPARE_NOTEQUAL" => Comparison.NotEqual,
        "COMPARE_LESSTHAN" => Comparison.Less,
        "COMPARE_LESSTHANOREQUALTO" => Comparison.LessOrEqual,
        "COMPARE_GREATERTHAN" => Comparison.Greater,
        "COMPARE_GREATERTHANOREQUALTO" => Comparison.GreaterOrEqual,
        _ => null,
    };
}
