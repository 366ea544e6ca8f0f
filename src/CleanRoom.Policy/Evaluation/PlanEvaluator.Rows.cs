using System.Collections.Immutable;
using CleanRoom.Policy.Bound;
using CleanRoom.Policy.Verdicts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Evaluation;

/// <summary>Expressions below the aggregate: a column, a period, a band, or a constant.</summary>
internal sealed partial class PlanEvaluator
{
    private PlanValue Row(BoundExpression expression, ImmutableArray<PlanValue> columns)
    {
        if (ConstantCasts.Evaluate(expression) is { } constant)
        {
            return new PlanValue.Constant(constant);
        }

        switch (expression)
        {
            case BoundExpression.Reference reference when reference.Index < columns.Length:
                return columns[reference.Index];
            case BoundExpression.Function function when Key(function, columns) is { } key:
                return key;
            case BoundExpression.Function function:
                findings.Add(RoomRules.Function(function.Name));
                break;
            case BoundExpression.Case:
                findings.Add(RoomRules.Function("CASE"));
                break;
            case BoundExpression.Cast cast:
                findings.Add(RoomRules.Cast("a column is converted"));
                Inside(cast.Operand);
                break;
            case BoundExpression.Unknown unknown:
                findings.Add(RoomRules.Op($"expression of kind {unknown.Class}"));
                break;
            default:
                findings.Add(RoomRules.Function("a comparison outside a condition"));
                break;
        }

        return new PlanValue.Opaque([.. SourcesOf(expression, columns)]);
    }

    /// <summary>Names the functions inside an expression that is refused for something else.</summary>
    private void Inside(BoundExpression expression)
    {
        switch (expression)
        {
            case BoundExpression.Function function:
                findings.Add(RoomRules.Function(function.Name));
                break;
            case BoundExpression.Case:
                findings.Add(RoomRules.Function("CASE"));
                break;
        }

        foreach (var part in expression.Parts)
        {
            Inside(part);
        }
    }

    /// <summary>Returns the base column behind an expression, through conversions that the engine inserts and that lose nothing.</summary>
    private static PlanValue.Raw? RawOf(BoundExpression expression, ImmutableArray<PlanValue> columns) => expression switch
    {
        BoundExpression.Reference reference when reference.Index < columns.Length => columns[reference.Index] as PlanValue.Raw,
        BoundExpression.Cast { Try: false } cast => RawOf(cast.Operand, columns) is { } raw && Widens(raw.Column.Type, cast.Type.Id) ? raw : null,
        _ => null,
    };

    private static bool Widens(ColumnType from, string to) => (from, to) switch
    {
        (ColumnType.Int32, "BIGINT" or "HUGEINT" or "DECIMAL") => true,
        (ColumnType.Int64, "HUGEINT" or "DECIMAL") => true,
        (ColumnType.Decimal, "DECIMAL") => true,
        (ColumnType.Date, "TIMESTAMP") => true,
        _ => false,
    };

    /// <summary>Returns every base column that an expression mentions.</summary>
    private static IEnumerable<Source> SourcesOf(BoundExpression expression, ImmutableArray<PlanValue> columns) => expression switch
    {
        BoundExpression.Reference reference => reference.Index < columns.Length ? columns[reference.Index].Sources : [],
        _ => expression.Parts.SelectMany(part => SourcesOf(part, columns)),
    };
}
