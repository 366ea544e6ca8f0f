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

    /// <summary>A group key.</summary>
    public sealed record Key(int Index, CellType KeyType) : OutputExpression(KeyType, 1);

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
