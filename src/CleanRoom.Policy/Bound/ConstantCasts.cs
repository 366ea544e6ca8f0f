using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace CleanRoom.Policy.Bound;

/// <summary>Converts constants between types exactly, or not at all: where the engine would round, this refuses.</summary>
internal static partial class ConstantCasts
{
    private const int MaxDigits = 38;

    /// <summary>Evaluates a constant with its casts; null when the expression is no constant.</summary>
    public static ConstantValue? Evaluate(BoundExpression expression) => expression switch
    {
        BoundExpression.Constant constant => constant.Value,
        BoundExpression.Cast { Try: false } cast => Evaluate(cast.Operand) is { } value ? Convert(value, cast.Type) : null,
        _ => null,
    };

    /// <summary>Converts to a type; <see cref="ConstantValue.Other"/> when that is not exact.</summary>
    public static ConstantValue Convert(ConstantValue value, BoundType to) => to.Id switch
    {
        _ when value is ConstantValue.Null => value,
        "VARCHAR" => value is ConstantValue.Text ? value : Other(),
        "BOOLEAN" => ToBoolean(value),
        "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" => ToNumber(value, 0),
        "DECIMAL" => ToNumber(value, to.Scale),

        // Numbers beside an average or a quotient; arithmetic on them is exact here, whatever the engine would do.
        "FLOAT" or "DOUBLE" => ToNumber(value, null),
        "DATE" => ToDate(value),
        "TIMESTAMP" => ToTimestamp(value),
        "UUID" => value is ConstantValue.Text text && Guid.TryParseExact(text.Value, "D", out var id)
            ? new ConstantValue.Uuid(id.ToString("D"))
            : value is ConstantValue.Uuid ? value : Other(),
        _ => Other(),
    };

    /// <summary>Rescales a number exactly; null when digits would be lost.</summary>
    public static BigInteger? Rescale(BigInteger unscaled, int from, int to)
    {
        if (to >= from)
        {
            return unscaled * BigInteger.Pow(10, to - from);
        }

        var quotient = BigInteger.DivRem(unscaled, BigInteger.Pow(10, from - to), out var rest);
        return rest.IsZero ? quotient : null;
    }

    private static ConstantValue ToBoolean(ConstantValue value) => value switch
    {
        ConstantValue.Boolean => value,
        ConstantValue.Text { Value: var text } => text.ToLowerInvariant() switch
        {
            "t" or "true" => new ConstantValue.Boolean(true),
            "f" or "false" => new ConstantValue.Boolean(false),
            _ => Other(),
        },
        _ => Other(),
    };

    private static ConstantValue ToNumber(ConstantValue value, int? scale)
    {
        var number = value switch
        {
            ConstantValue.Number n => n,
            ConstantValue.Text text => ParseNumber(text.Value),
            _ => null,
        };
        if (number is null || scale is null)
        {
            return number is null ? Other() : number;
        }

        return Rescale(number.Unscaled, number.Scale, scale.Value) is { } unscaled ? new ConstantValue.Number(unscaled, scale.Value) : Other();
    }

    private static ConstantValue.Number? ParseNumber(string text)
    {
        if (text.Length > MaxDigits + 2 || !NumberText().IsMatch(text))
        {
            return null;
        }

        var point = text.IndexOf('.', StringComparison.Ordinal);
        var digits = text.Replace(".", string.Empty, StringComparison.Ordinal);
        return new ConstantValue.Number(
            BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), point < 0 ? 0 : text.Length - point - 1);
    }

    private static ConstantValue ToDate(ConstantValue value) => value switch
    {
        ConstantValue.Date => value,
        ConstantValue.Timestamp { Value: var moment } when moment.TimeOfDay == TimeSpan.Zero =>
            new ConstantValue.Date(DateOnly.FromDateTime(moment)),
        ConstantValue.Text { Value: var text } when DateOnly.TryParseExact(
            text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) => new ConstantValue.Date(date),
        _ => Other(),
    };

    private static ConstantValue ToTimestamp(ConstantValue value) => value switch
    {
        ConstantValue.Timestamp => value,
        ConstantValue.Date { Value: var date } => new ConstantValue.Timestamp(date.ToDateTime(TimeOnly.MinValue)),
        ConstantValue.Text { Value: var text } when DateTime.TryParseExact(
            text,
            ["yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFF", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFF"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var moment) => new ConstantValue.Timestamp(moment),
        _ => Other(),
    };

    private static ConstantValue.Other Other() => new();

    [GeneratedRegex("^-?[0-9]+(\\.[0-9]+)?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NumberText();
}
