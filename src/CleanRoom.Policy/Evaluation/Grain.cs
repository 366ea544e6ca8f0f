using System.Globalization;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Evaluation;

/// <summary>The steps on which a column may be filtered and grouped; without one, the column's own resolution.</summary>
/// <remarks>
/// A condition divides the values at a boundary. The boundary must lie on the grain, not the literal as it is written:
/// <c>age &lt;= 19</c> divides at 20, <c>ts &lt;= day</c> divides one microsecond into the day. Spec: contracts/spec/0003 s.3.
/// </remarks>
internal sealed class Grain
{
    private readonly ColumnType _type;
    private readonly decimal _resolution;
    private readonly decimal _step;
    private readonly decimal _origin;
    private readonly TimeGrain? _period;

    private Grain(ColumnPolicy policy)
    {
        _type = policy.Type;
        Name = policy.Grain ?? "the column's own resolution";
        _resolution = policy.Type == ColumnType.Decimal ? new decimal(1, 0, 0, false, (byte)Math.Clamp(policy.Scale ?? 0, 0, 18)) : 1;
        _origin = policy.Domain?.Min ?? 0;
        IsNeverNegative = (policy.Domain?.Min ?? policy.Clamp?.Min) >= 0;
        _period = policy.Grain switch
        {
            "day" => TimeGrain.Day,
            "week" => TimeGrain.Week,
            "month" => TimeGrain.Month,
            _ => null,
        };
        _step = decimal.TryParse(policy.Grain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var step) && step > 0
            ? step
            : _resolution;
    }

    /// <summary>Gets the grain in words.</summary>
    public string Name { get; }

    /// <summary>Gets a value that says whether the declared values are none below zero.</summary>
    public bool IsNeverNegative { get; }

    private bool IsTemporal => _type is ColumnType.Date or ColumnType.Timestamp;

    private bool IsNumeric => _type is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal;

    /// <summary>Gets a value that says whether single values may be told apart.</summary>
    public bool IsWhole => (_period is null || (_type == ColumnType.Date && _period == TimeGrain.Day)) && (!IsNumeric || _step <= _resolution);

    /// <summary>Reads a column's grain.</summary>
    public static Grain Of(ColumnPolicy policy) => new(policy);

    /// <summary>Says whether a condition divides the values on the grain.</summary>
    public bool Admits(Comparison comparison, Literal literal)
    {
        if (IsWhole)
        {
            return true;
        }

        if (comparison is Comparison.Equal or Comparison.NotEqual)
        {
            return false;
        }

        var after = comparison is Comparison.LessOrEqual or Comparison.Greater;
        return IsTemporal ? AdmitsMoment(literal, after) : AdmitsNumber(literal, after);
    }

    /// <summary>Says whether periods of this length are unions of the grain's.</summary>
    public bool Admits(TimeGrain period) => _period switch
    {
        null or TimeGrain.Day => true,
        TimeGrain.Week => period == TimeGrain.Week,
        TimeGrain.Month => period is TimeGrain.Month or TimeGrain.Quarter or TimeGrain.Year,
        _ => false,
    };

    /// <summary>Says whether numbers of the calendar tell apart unions of the grain's periods alone.</summary>
    public bool Admits(DatePart part) => part switch
    {
        DatePart.Year => Admits(TimeGrain.Year),
        DatePart.Quarter => Admits(TimeGrain.Quarter),
        DatePart.Month => Admits(TimeGrain.Month),
        DatePart.IsoDow => Admits(TimeGrain.Day),
        _ => false,
    };

    /// <summary>
    /// Says whether bands of this width, beginning at zero, are unions of the grain's. Division rounds towards zero, so below zero a band
    /// ends one past the grain.
    /// </summary>
    public bool Admits(long width) => IsWhole || (width % _step == 0 && _origin % _step == 0 && IsNeverNegative);

    /// <summary>Returns the change that would pass for a group key.</summary>
    public string GroupHint(string column) => _period is { } period
        ? $"group by date_trunc('{period.ToString().ToLowerInvariant()}', {column})"
        : string.Create(CultureInfo.InvariantCulture, $"group by ({column} // {_step}) * {_step}");

    private bool AdmitsNumber(Literal literal, bool after)
    {
        var boundary = decimal.Parse(literal.Text, CultureInfo.InvariantCulture) + (after ? _resolution : 0);
        return (boundary - _origin) % _step == 0;
    }

    private bool AdmitsMoment(Literal literal, bool after)
    {
        var boundary = DateTime.Parse(literal.Text, CultureInfo.InvariantCulture);
        if (after)
        {
            var resolution = _type == ColumnType.Date ? TimeSpan.FromDays(1) : TimeSpan.FromMicroseconds(1);
            if (boundary > DateTime.MaxValue - resolution)
            {
                return false;
            }

            boundary += resolution;
        }

        return boundary.TimeOfDay == TimeSpan.Zero && _period switch
        {
            TimeGrain.Week => boundary.DayOfWeek == DayOfWeek.Monday,
            TimeGrain.Month => boundary.Day == 1,
            _ => true,
        };
    }
}
