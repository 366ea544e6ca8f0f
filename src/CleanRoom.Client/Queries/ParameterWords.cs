using System.Globalization;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Queries;

/// <summary>Checks what a person types for a template's parameter, before the room does. Spec: contracts/spec/0002 s.5.</summary>
/// <remarks>A help and no guard: the room checks every value by itself.</remarks>
public static class ParameterWords
{
    private const NumberStyles Exact = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    /// <summary>Says in words which values a parameter takes.</summary>
    public static string Wanted(TemplateParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (parameter.Values is { IsDefaultOrEmpty: false } values)
        {
            return $"one of {string.Join(", ", values)}";
        }

        var range = (parameter.Min, parameter.Max) switch
        {
            ({ } min, { } max) => string.Create(CultureInfo.InvariantCulture, $" from {min} to {max}"),
            ({ } min, null) => string.Create(CultureInfo.InvariantCulture, $" from {min}"),
            (null, { } max) => string.Create(CultureInfo.InvariantCulture, $" up to {max}"),
            _ => string.Empty,
        };
        var step = parameter.Step is { } each ? string.Create(CultureInfo.InvariantCulture, $", in steps of {each}") : string.Empty;
        return Form(parameter.Type) + range + step;
    }

    /// <summary>Says why a value is none; null when it is one.</summary>
    /// <returns><see cref="RefusalCode.QueryRefused"/> with what is wanted and what was typed.</returns>
    public static Refusal? WhyNot(TemplateParameter parameter, string value)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(value);
        var isOne = parameter.Values is { IsDefaultOrEmpty: false } values
            ? values.Contains(value)
            : HasForm(parameter.Type, value) && IsWithin(parameter, value);
        return isOne ? null : new Refusal(RefusalCode.QueryRefused, Wanted(parameter), $"'{value}'");
    }

    private static string Form(ColumnType type) => type switch
    {
        ColumnType.Boolean => "true or false",
        ColumnType.Int32 or ColumnType.Int64 => "a whole number",
        ColumnType.Decimal => "a number such as -12.5",
        ColumnType.Date => "a date such as 2026-01-31",
        ColumnType.Timestamp => "a time such as 2026-01-31 08:00:00",
        ColumnType.Uuid => "a uuid",
        ColumnType.Sha256 => "64 hex digits",
        _ => "text",
    };

    private static bool HasForm(ColumnType type, string value) => type switch
    {
        ColumnType.Boolean => value is "true" or "false",
        ColumnType.Int32 => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        ColumnType.Int64 => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        ColumnType.Decimal => decimal.TryParse(value, Exact, CultureInfo.InvariantCulture, out _),
        ColumnType.Date => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        ColumnType.Timestamp => DateTime.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _),
        ColumnType.Uuid => Guid.TryParseExact(value, "D", out _),
        ColumnType.Sha256 => value.Length == 64 && value.All(char.IsAsciiHexDigit),
        _ => value.Length > 0,
    };

    private static bool IsWithin(TemplateParameter parameter, string value)
    {
        if (parameter is { Min: null, Max: null, Step: null })
        {
            return true;
        }

        return decimal.TryParse(value, Exact, CultureInfo.InvariantCulture, out var number)
            && !(number < parameter.Min)
            && !(number > parameter.Max)
            && (parameter.Step is not { } step || step == 0 || (number - (parameter.Min ?? 0)) % step == 0);
    }
}
