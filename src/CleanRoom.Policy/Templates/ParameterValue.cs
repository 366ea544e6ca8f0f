using System.Globalization;
using System.Text.RegularExpressions;
using CleanRoom.Policy.Bound;
using CleanRoom.Policy.Evaluation;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Templates;

/// <summary>Checks a parameter's value against its type, list and range, before any text is made of it.</summary>
internal static partial class ParameterValue
{
    private const int MaxLength = 256;

    /// <summary>Returns the value as a literal, or null when the parameter does not allow it.</summary>
    /// <param name="parameter">The parameter of the contract.</param>
    /// <param name="value">Trust: collaborator-controlled.</param>
    public static Literal? Check(TemplateParameter parameter, string value)
    {
        if (value.Length > MaxLength || value.Any(char.IsControl)
            || (parameter.Values is { } values && !values.Contains(value, StringComparer.Ordinal)))
        {
            return null;
        }

        var column = new PlanColumn(0, parameter.Name, parameter.Type, ScaleOf(value));
        var constant = ConstantCasts.Convert(new ConstantValue.Text(value), new BoundType(EngineType(parameter.Type), column.Scale));
        return Literals.For(column, constant) is { } literal && InRange(parameter, literal) ? literal : null;
    }

    /// <summary>Returns SQL text that is one literal of the parameter's type, whatever the value is.</summary>
    public static string ToSql(Literal literal)
    {
        var type = literal.Type == ColumnType.Decimal
            ? string.Create(CultureInfo.InvariantCulture, $"DECIMAL(38, {ScaleOf(literal.Text)})")
            : EngineType(literal.Type);
        return $"CAST({SqlName.Text(literal.Text)} AS {type})";
    }

    private static bool InRange(TemplateParameter parameter, Literal literal)
    {
        if (literal.Type == ColumnType.Int32 && !int.TryParse(literal.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            return false;
        }

        if (parameter is { Min: null, Max: null, Step: null })
        {
            return true;
        }

        // A range says nothing of text or moments: such a parameter is refused rather than taken without its range.
        return literal.Type is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal
            && decimal.TryParse(literal.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && !(number < parameter.Min)
            && !(number > parameter.Max)
            && (parameter.Step is not { } step || (step > 0 && (number - (parameter.Min ?? 0)) % step == 0));
    }

    private static int ScaleOf(string value)
    {
        var point = value.IndexOf('.', StringComparison.Ordinal);
        return point >= 0 && DecimalText().IsMatch(value) ? Math.Min(value.Length - point - 1, 18) : 0;
    }

    private static string EngineType(ColumnType type) => type switch
    {
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Int32 => "INTEGER",
        ColumnType.Int64 => "BIGINT",
        ColumnType.Decimal => "DECIMAL",
        ColumnType.String or ColumnType.Sha256 => "VARCHAR",
        ColumnType.Date => "DATE",
        ColumnType.Timestamp => "TIMESTAMP",
        ColumnType.Uuid => "UUID",
        _ => throw new ArgumentOutOfRangeException(nameof(type), "wanted a type of the contract format"),
    };

    [GeneratedRegex("^-?[0-9]+\\.[0-9]+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex DecimalText();
}
