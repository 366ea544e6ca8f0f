using System.Collections.Immutable;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Generation;

/// <summary>The cells of one released row, and what outputs and HAVING make of them.</summary>
internal sealed record ReferenceCells(ImmutableArray<CellValue> Keys, ImmutableArray<Fraction?> Aggregates)
{
    public CellValue Output(OutputExpression expression) => expression switch
    {
        OutputExpression.Key key => Keys[key.Index],
        OutputExpression.Constant { Value: { Type: ColumnType.String, Text: var text } } => new CellValue.Text(text),
        OutputExpression.Choice { CellType.Type: ColumnType.String } choice =>
            Output(choice.Left) is CellValue.Null ? Output(choice.Right) : Output(choice.Left),
        _ => Number(expression) is { } number ? number.ToCell(expression.CellType.Scale) : CellValue.Null.Instance,
    };

    public bool? Holds(OutputCondition condition) => condition switch
    {
        OutputCondition.And and => and.Items.Select(Holds).Aggregate((bool?)true, (a, b) => a & b),
        OutputCondition.Or or => or.Items.Select(Holds).Aggregate((bool?)false, (a, b) => a | b),
        OutputCondition.Not not => !Holds(not.Item),
        OutputCondition.IsNull absent => (Number(absent.Operand) is null) != absent.Negated,
        OutputCondition.Compare compare => Number(compare.Left) is { } number
            ? compare.Operator.Holds(number.Compare(Fraction.Parse(compare.Right.Text)))
            : null,
        _ => throw new InvalidOperationException(),
    };

    private Fraction? Number(OutputExpression expression) => expression switch
    {
        OutputExpression.Key key => Keys[key.Index] is CellValue.Number number ? Fraction.Of(number) : null,
        OutputExpression.Aggregate aggregate => Aggregates[aggregate.Index],
        OutputExpression.Constant constant => Fraction.Parse(constant.Value.Text),
        OutputExpression.NullIfZero nullIf => Number(nullIf.Operand) is { Numerator.IsZero: false } number ? number : null,
        OutputExpression.Rounded rounded => Number(rounded.Operand) is { } number ? Round(rounded, number) : null,
        OutputExpression.Choice choice => Choose(choice.Function, Number(choice.Left), Number(choice.Right)),
        OutputExpression.Arithmetic arithmetic => Number(arithmetic.Left) is { } left && Number(arithmetic.Right) is { } right
            ? Compute(arithmetic.Operator, left, right)
            : null,
        _ => throw new InvalidOperationException(),
    };

    private static Fraction Round(OutputExpression.Rounded rounded, Fraction number) => rounded.Function switch
    {
        RoundingFunction.Round => number.Rounded(rounded.Digits, toEven: false),
        RoundingFunction.Floor => number.Floor(),
        RoundingFunction.Ceiling => Fraction.Zero - (Fraction.Zero - number).Floor(),
        _ => number.Size(),
    };

    private static Fraction? Choose(ChoiceFunction function, Fraction? left, Fraction? right)
    {
        var order = left is { } a && right is { } b ? a.Compare(b) : (int?)null;
        return function switch
        {
            ChoiceFunction.NullIf => order == 0 ? null : left,
            ChoiceFunction.Coalesce => left ?? right,
            ChoiceFunction.Greatest => order is null ? left ?? right : order > 0 ? left : right,
            _ => order is null ? left ?? right : order < 0 ? left : right,
        };
    }

    private static Fraction? Compute(ArithmeticOperator op, Fraction left, Fraction right) => op switch
    {
        ArithmeticOperator.Add => left + right,
        ArithmeticOperator.Subtract => left - right,
        ArithmeticOperator.Multiply => left * right,
        _ => left / right,
    };
}
