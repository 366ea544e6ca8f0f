using System.Globalization;
using System.Numerics;
using CleanRoom.Policy.Bound;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Evaluation;

/// <summary>Makes literals in their one text form.</summary>
internal static class Literals
{
    private const string TimestampFormat = "yyyy-MM-dd HH:mm:ss.FFFFFF";

    /// <summary>Makes a literal of a column's type; null when the constant is of another kind or does not fit exactly.</summary>
    public static Literal? For(PlanColumn column, ConstantValue value) => (column.Type, value) switch
    {
        (ColumnType.Boolean, ConstantValue.Boolean b) => new(ColumnType.Boolean, b.Value ? "true" : "false"),
        (ColumnType.Int32 or ColumnType.Int64, ConstantValue.Number n) when Fits(n, 0, long.MinValue, long.MaxValue) is { } unscaled =>
            new(column.Type, NumberText(unscaled, 0)),
        (ColumnType.Decimal, ConstantValue.Number n) when Fits(n, column.Scale, -MaxDecimal, MaxDecimal) is { } unscaled =>
            new(ColumnType.Decimal, NumberText(unscaled, column.Scale)),
        (ColumnType.String, ConstantValue.Text text) when !text.Value.Any(char.IsControl) => new(ColumnType.String, text.Value),
        (ColumnType.Sha256, ConstantValue.Text { Value: { Length: 64 } hex }) when hex.All(char.IsAsciiHexDigitLower) => new(ColumnType.Sha256, hex),
        (ColumnType.Uuid, ConstantValue.Uuid uuid) => new(ColumnType.Uuid, uuid.Value),
        (ColumnType.Date, ConstantValue.Date date) => new(ColumnType.Date, DateText(date.Value)),
        (ColumnType.Date, ConstantValue.Timestamp { Value: var moment }) when moment.TimeOfDay == TimeSpan.Zero =>
            new(ColumnType.Date, DateText(DateOnly.FromDateTime(moment))),
        (ColumnType.Timestamp, ConstantValue.Timestamp moment) => new(ColumnType.Timestamp, TimestampText(moment.Value)),
        (ColumnType.Timestamp, ConstantValue.Date date) => new(ColumnType.Timestamp, TimestampText(date.Value.ToDateTime(TimeOnly.MinValue))),
        _ => null,
    };

    /// <summary>Says whether the constant is of the column's kind, so that only its grain can be wrong.</summary>
    public static bool SameKind(PlanColumn column, ConstantValue value) => (column.Type, value) switch
    {
        (ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal, ConstantValue.Number) => true,
        (ColumnType.Date, ConstantValue.Timestamp) => true,
        _ => false,
    };

    /// <summary>Makes a literal that stands beside outputs; null when there is no such literal.</summary>
    public static (Literal Literal, CellType Type)? ForOutput(ConstantValue value) => value switch
    {
        ConstantValue.Number { Scale: <= CellType.MaxScale } n when BigInteger.Abs(n.Unscaled) < MaxOutput =>
            (new(ColumnType.Decimal, NumberText(n.Unscaled, n.Scale)), CellType.OfScale(n.Scale)),
        ConstantValue.Text text => (new(ColumnType.String, text.Value), new(ColumnType.String, 0)),
        ConstantValue.Boolean b => (new(ColumnType.Boolean, b.Value ? "true" : "false"), new(ColumnType.Boolean, 0)),
        ConstantValue.Date date => (new(ColumnType.Date, DateText(date.Value)), new(ColumnType.Date, 0)),
        ConstantValue.Timestamp moment => (new(ColumnType.Timestamp, TimestampText(moment.Value)), new(ColumnType.Timestamp, 0)),
        ConstantValue.Uuid uuid => (new(ColumnType.Uuid, uuid.Value), new(ColumnType.Uuid, 0)),
        _ => null,
    };

    /// <summary>Writes a number without superfluous zeros.</summary>
    public static string NumberText(BigInteger unscaled, int scale)
    {
        while (scale > 0 && (unscaled % 10).IsZero)
        {
            unscaled /= 10;
            scale--;
        }

        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var text = scale == 0 ? digits : $"{digits[..^scale]}.{digits[^scale..]}";
        return unscaled.Sign < 0 ? "-" + text : text;
    }

    private static BigInteger MaxDecimal { get; } = BigInteger.Pow(10, 18) - 1;

    private static BigInteger MaxOutput { get; } = BigInteger.Pow(10, 38);

    private static BigInteger? Fits(ConstantValue.Number number, int scale, BigInteger min, BigInteger max) =>
        ConstantCasts.Rescale(number.Unscaled, number.Scale, scale) is { } unscaled && unscaled >= min && unscaled <= max ? unscaled : null;

    private static string DateText(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Writes a moment with only the fraction that it has.</summary>
    public static string TimestampText(DateTime moment) => moment.ToString(TimestampFormat, CultureInfo.InvariantCulture).TrimEnd('.');
}
