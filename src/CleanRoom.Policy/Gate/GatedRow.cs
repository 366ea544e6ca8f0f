using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Gate;

/// <summary>A row that survived its thresholds: keys, and aggregates of which some may be withheld.</summary>
/// <param name="Keys">The group keys.</param>
/// <param name="Aggregates">The aggregates; null where there is no value, or it is withheld.</param>
internal sealed record GatedRow(ImmutableArray<CellValue> Keys, ImmutableArray<Rational?> Aggregates)
{
    /// <summary>Computes an output.</summary>
    public CellValue Output(OutputExpression expression) => expression switch
    {
        OutputExpression.Key key => Keys[key.Index],
        OutputExpression.Constant { CellType.IsNumeric: false } constant => Cell(constant.Value),
        OutputExpression.Choice { CellType.IsNumeric: false } choice => Output(choice.Left) is CellValue.Null ? Output(choice.Right) : Output(choice.Left),
        _ => Number(expression) is { } number ? number.Round(expression.CellType.Scale) : CellValue.Null.Instance,
    };

    /// <summary>Decides a condition; null is SQL's unknown.</summary>
    public bool? Satisfies(OutputCondition condition)
    {
        switch (condition)
        {
            case OutputCondition.And and:
                return Fold(and.Items, stop: false);
            case OutputCondition.Or or:
                return Fold(or.Items, stop: true);
            case OutputCondition.Not not:
                return !Satisfies(not.Item);
            case OutputCondition.IsNull absent:
                return Number(absent.Operand) is null != absent.Negated;
            case OutputCondition.Compare compare:
                return Number(compare.Left) is { } number ? compare.Operator.Holds(number.CompareTo(Rational.Parse(compare.Right.Text))) : null;
            default:
                throw new UnreachableException();
        }
    }

    private bool? Fold(ImmutableArray<OutputCondition> items, bool stop)
    {
        bool? result = !stop;
        foreach (var item in items)
        {
            var holds = Satisfies(item);
            if (holds == stop)
            {
                return stop;
            }

            result = holds is null ? null : result;
        }

        return result;
    }

    private Rational? Number(OutputExpression expression)
    {
        switch (expression)
        {
            case OutputExpression.Key key:
                return Keys[key.Index] is CellValue.Number number ? Rational.Of(number) : null;
            case OutputExpression.Aggregate aggregate:
                return Aggregates[aggregate.Index];
            case OutputExpression.Constant constant:
                return Rational.Parse(constant.Value.Text);
            case OutputExpression.NullIfZero nullIf:
                return Number(nullIf.Operand) is { IsZero: false } value ? value : null;
            case OutputExpression.Rounded rounded:
                return Number(rounded.Operand) is { } operand ? Round(rounded, operand) : null;
            case OutputExpression.Choice choice:
                return Choose(choice.Function, Number(choice.Left), Number(choice.Right));
            case OutputExpression.Arithmetic arithmetic:
                return Number(arithmetic.Left) is { } left && Number(arithmetic.Right) is { } right
                    ? Rational.Compute(arithmetic.Operator, left, right)
                    : null;
            default:
                throw new UnreachableException();
        }
    }

    private static Rational Round(OutputExpression.Rounded rounded, Rational operand) => rounded.Function switch
    {
        RoundingFunction.Round => operand.RoundedAwayFromZero(rounded.Digits),
        RoundingFunction.Floor => operand.Floor(),
        RoundingFunction.Ceiling => operand.Negated().Floor().Negated(),
        RoundingFunction.Absolute => operand.Absolute(),
        _ => throw new UnreachableException(),
    };

    private static Rational? Choose(ChoiceFunction function, Rational? left, Rational? right) => (function, left, right) switch
    {
        (ChoiceFunction.NullIf, { } a, { } b) => a.CompareTo(b) == 0 ? null : a,
        (ChoiceFunction.NullIf, _, _) => left,
        (ChoiceFunction.Greatest, { } a, { } b) => a.CompareTo(b) >= 0 ? a : b,
        (ChoiceFunction.Least, { } a, { } b) => a.CompareTo(b) <= 0 ? a : b,
        _ => left ?? right,
    };

    /// <summary>A literal as a value of an answer.</summary>
    public static CellValue Cell(Literal literal) => literal.Type switch
    {
        ColumnType.Boolean => new CellValue.Boolean(literal.Text == "true"),
        ColumnType.Int32 or ColumnType.Int64 => new CellValue.Number(BigInteger.Parse(literal.Text, CultureInfo.InvariantCulture), 0),
        ColumnType.Date => new CellValue.Date(DateOnly.ParseExact(literal.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ColumnType.Timestamp => new CellValue.Timestamp(DateTime.Parse(literal.Text, CultureInfo.InvariantCulture)),
        ColumnType.Uuid => new CellValue.Uuid(Guid.Parse(literal.Text)),
        _ => new CellValue.Text(literal.Text),
    };
}
