using System.Collections.Immutable;
using System.Numerics;
using CleanRoom.Policy.Bound;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Evaluation;

/// <summary>Computed group keys: periods, numbers of the calendar, bands. None of these functions can fail on a value.</summary>
internal sealed partial class PlanEvaluator
{
    private static PlanValue.Key? Key(BoundExpression.Function function, ImmutableArray<PlanValue> columns) =>
        Calendar(function, columns) ?? Band(function, columns) ?? (Number(function, columns) is var (raw, width)
            ? new PlanValue.Key(new GroupKey.BandNumber(raw.Column, width), raw.Dataset)
            : null);

    /// <summary>Recognises <c>date_trunc('period', column)</c>, <c>date_part('part', column)</c> and <c>year(column)</c>.</summary>
    private static PlanValue.Key? Calendar(BoundExpression.Function function, ImmutableArray<PlanValue> columns)
    {
        var name = function.Name.ToLowerInvariant();
        if (function.Arguments is [.., var last] && RawOf(last, columns) is { Column.Type: ColumnType.Date or ColumnType.Timestamp } time)
        {
            var word = function.Arguments is [var first, _] && ConstantCasts.Evaluate(first) is ConstantValue.Text text ? text.Value : null;
            GroupKey? key = (name, function.Arguments.Length) switch
            {
                ("date_trunc" or "datetrunc", 2) when Named<TimeGrain>(word) is { } grain => new GroupKey.Truncated(time.Column, grain),
                ("date_part" or "datepart", 2) when Named<DatePart>(word) is { } part => new GroupKey.Part(time.Column, part),
                ("year" or "quarter" or "month" or "isodow", 1) when Named<DatePart>(name) is { } part => new GroupKey.Part(time.Column, part),
                _ => null,
            };
            return key is null ? null : new PlanValue.Key(key, time.Dataset);
        }

        return null;
    }

    /// <summary>
    /// Recognises <c>(column // n) * n</c>, <c>floor(column / n) * n</c>, either with its sides exchanged, and <c>column - column % n</c>.
    /// </summary>
    private static PlanValue.Key? Band(BoundExpression.Function function, ImmutableArray<PlanValue> columns)
    {
        if (function.Arguments is not [var first, var second])
        {
            return null;
        }

        if (function.Name == "-")
        {
            return second is BoundExpression.Function { Name: "%", Arguments: [var dividend, var divisor] }
                && Integer(first, columns) is { } whole && Integer(dividend, columns) == whole && Width(divisor) is { } step
                    ? new PlanValue.Key(new GroupKey.Band(whole.Column, step), whole.Dataset)
                    : null;
        }

        var (inner, factor) = Width(second) is not null ? (first, second) : (second, first);
        return function.Name == "*"
            && inner is BoundExpression.Function number && Number(number, columns) is var (raw, width) && Width(factor) == width
                ? new PlanValue.Key(new GroupKey.Band(raw.Column, width), raw.Dataset)
                : null;
    }

    /// <summary>
    /// Recognises <c>column // n</c>, and <c>floor(column / n)</c> where no value is negative: only there are they the same number.
    /// </summary>
    private static (PlanValue.Raw Column, long Width)? Number(BoundExpression.Function function, ImmutableArray<PlanValue> columns)
    {
        switch (function)
        {
            case { Name: "//", Arguments: [var dividend, var divisor] } when Integer(dividend, columns) is { } raw && Width(divisor) is { } width:
                return (raw, width);
            case { Name: "floor", Arguments: [BoundExpression.Function { Name: "/", Arguments: [var dividend, var divisor] }] }
                when Integer(Unwidened(dividend), columns) is { } raw && Width(divisor) is { } width
                && Grain.Of(raw.Dataset.Policy.Columns[raw.Column.Name]).IsNeverNegative:
                return (raw, width);
            default:
                return null;
        }
    }

    /// <summary>The engine divides binary fractions; the band is computed from the integer itself.</summary>
    private static BoundExpression Unwidened(BoundExpression expression) =>
        expression is BoundExpression.Cast { Try: false, Type.Id: "DOUBLE" } cast ? cast.Operand : expression;

    private static PlanValue.Raw? Integer(BoundExpression expression, ImmutableArray<PlanValue> columns) =>
        RawOf(expression, columns) is { Column.Type: ColumnType.Int32 or ColumnType.Int64 } raw ? raw : null;

    private static long? Width(BoundExpression expression) =>
        ConstantCasts.Evaluate(expression) is ConstantValue.Number { Scale: 0, Unscaled: var width } && width > BigInteger.Zero && width <= int.MaxValue
            ? (long)width
            : null;

    private static T? Named<T>(string? word)
        where T : struct, Enum =>
        word is { Length: > 0 } && char.IsAsciiLetter(word[0]) && Enum.TryParse<T>(word, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : null;
}
