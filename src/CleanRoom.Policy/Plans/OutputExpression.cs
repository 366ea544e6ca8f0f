using System.Diagnostics.CodeAnalysis;

namespace CleanRoom.Policy.Plans;

/// <summary>A value of an answer, computed from keys and aggregates that survived the gate. Numbers are exact rationals until released.</summary>
[SuppressMessage("Design", "CA1034", Justification = "A closed family reads best in one place.")]
public abstract record OutputExpression
{
    /// <summary>The largest number of nodes of one expression: shared parts of nested queries multiply.</summary>
    public const int MaxNodes = 500;

    private OutputExpression(CellType valueType, int nodes) => (CellType, Nodes) = (valueType, nodes);

    /// <summary>Gets the type of the released value.</summary>
    public CellType CellType { get; }

    /// <summary>Gets the number of nodes, at most <see cref="MaxNodes"/> in a plan.</summary>
    public int Nodes { get; }

    /// <summary>Gets the expressions that this one is made of.</summary>
    public IEnumerable<OutputExpression> Parts => this switch
    {
        Arithmetic arithmetic => [arithmetic.Left, arithmetic.Right],
        NullIfZero nullIf => [nullIf.Operand],
        Rounded rounded => [rounded.Operand],
        Choice choice => [choice.Left, choice.Right],
        _ => [],
    };

    /// <summary>A group key.</summary>
    public sealed record Key(int Index, CellType KeyType) : OutputExpression(KeyType, 1);

    /// <summary>A column of a row as it is, in the tier list alone.</summary>
    public sealed record Listed(PlanColumn Column) : OutputExpression(new CellType(Column.Type, Column.Scale), 1);

    /// <summary>An aggregate.</summary>
    public sealed record Aggregate(int Index, CellType ResultType) : OutputExpression(ResultType, 1);

    /// <summary>A constant.</summary>
    public sealed record Constant(Literal Value, CellType LiteralType) : OutputExpression(LiteralType, 1);

    /// <summary>Sum, difference, product or quotient; a quotient by zero is null.</summary>
    public sealed record Arithmetic(ArithmeticOperator Operator, OutputExpression Left, OutputExpression Right)
        : OutputExpression(TypeOf(Operator, Left.CellType, Right.CellType), Math.Min(1 + Left.Nodes + Right.Nodes, MaxNodes + 1));

    /// <summary>Null where the operand is zero.</summary>
    public sealed record NullIfZero(OutputExpression Operand)
        : OutputExpression(Operand.CellType, Math.Min(1 + Operand.Nodes, MaxNodes + 1));

    /// <summary>A number near the operand; null where that is null.</summary>
    /// <param name="Function">Which.</param>
    /// <param name="Operand">A number.</param>
    /// <param name="Digits">Digits after the point that are kept, negative before it; 0 but for <see cref="RoundingFunction.Round"/>.</param>
    public sealed record Rounded(RoundingFunction Function, OutputExpression Operand, int Digits)
        : OutputExpression(
            Function == RoundingFunction.Absolute
                ? CellType.OfScale(Operand.CellType.Scale)
                : CellType.OfScale(Math.Clamp(Digits, 0, Operand.CellType.Scale)),
            Math.Min(1 + Operand.Nodes, MaxNodes + 1));

    /// <summary>One of two values. Values of other types than numbers are of one type.</summary>
    public sealed record Choice(ChoiceFunction Function, OutputExpression Left, OutputExpression Right)
        : OutputExpression(TypeOf(Function, Left.CellType, Right.CellType), Math.Min(1 + Left.Nodes + Right.Nodes, MaxNodes + 1));

    private static CellType TypeOf(ChoiceFunction function, CellType left, CellType right) => left.IsNumeric
        ? CellType.OfScale(function == ChoiceFunction.NullIf ? left.Scale : Math.Max(left.Scale, right.Scale))
        : left;

    private static CellType TypeOf(ArithmeticOperator op, CellType left, CellType right) => op switch
    {
        ArithmeticOperator.Add or ArithmeticOperator.Subtract => CellType.OfScale(Math.Max(left.Scale, right.Scale)),
        ArithmeticOperator.Multiply => CellType.OfScale(left.Scale + right.Scale),
        ArithmeticOperator.Divide => CellType.Quotient(left.Scale),
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };
}

/// <summary>Arithmetic on released numbers.</summary>
public enum ArithmeticOperator
{
    Add = 1,
    Subtract = 2,
    Multiply = 3,
    Divide = 4,
}

/// <summary>Functions of one number that have a value for every number.</summary>
public enum RoundingFunction
{
    /// <summary>The nearest number with so many digits; of two the one away from zero, as in SQL.</summary>
    Round = 1,

    /// <summary>The next integer below.</summary>
    Floor = 2,

    /// <summary>The next integer above.</summary>
    Ceiling = 3,

    /// <summary>The number without its sign.</summary>
    Absolute = 4,
}

/// <summary>Functions that return one of two values, or none.</summary>
public enum ChoiceFunction
{
    /// <summary>The larger; one that is null does not count.</summary>
    Greatest = 1,

    /// <summary>The smaller; one that is null does not count.</summary>
    Least = 2,

    /// <summary>The first that is not null.</summary>
    Coalesce = 3,

    /// <summary>The first, null where both are equal.</summary>
    NullIf = 4,
}
