using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Generation;

/// <summary>Between which stored values a column lies in every row that a plan's filter lets pass. Others need not be decrypted.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Least">The least: a number, days or microseconds since 1970, a decimal in units of its last digit.</param>
/// <param name="Greatest">The greatest; below <paramref name="Least"/> where no row passes.</param>
public sealed record FilterBounds(string Column, long Least, long Greatest)
{
    /// <summary>Returns the bounds of a dataset's columns.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="dataset">SQL name of one of its datasets.</param>
    /// <returns>
    /// One for each column that has any, ascending by name; none where answers are audited, since units of all rows are numbered then. Of conditions that must all hold, on numbers, dates and times alone; a dataset that occurs more than
    /// once has those that hold in every occurrence. NULL never passes such a condition.
    /// </returns>
    public static ImmutableArray<FilterBounds> Of(QueryPlan plan, string dataset)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.History is not null)
        {
            return [];
        }

        var occurrences = Enumerable.Range(0, plan.Tables.Length).Where(table => plan.Tables[table].Dataset == dataset).ToList();
        var conditions = All(plan.Filter).Select(Bounds).OfType<(PlanColumn Column, BigInteger Least, BigInteger Greatest)>().ToLookup(condition => (condition.Column.Table, condition.Column.Name));
        return
        [
            .. conditions.Select(column => column.Key.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Where(name => occurrences.TrueForAll(table => conditions.Contains((table, name))))
                .Select(name =>
                {
                    var each = occurrences.ConvertAll(table => (Least: conditions[(table, name)].Max(one => one.Least), Greatest: conditions[(table, name)].Min(one => one.Greatest)));
                    return new FilterBounds(name, Held(each.Min(one => one.Least)), Held(each.Max(one => one.Greatest)));
                }),
        ];
    }

    private static IEnumerable<PlanFilter> All(PlanFilter? filter) => filter switch
    {
        null => [],
        PlanFilter.And and => and.Items.SelectMany(All),
        _ => [filter],
    };

    private static (PlanColumn Column, BigInteger Least, BigInteger Greatest)? Bounds(PlanFilter filter)
    {
        switch (filter)
        {
            case PlanFilter.Compare { Operator: not Comparison.NotEqual } compare when Stored(compare.Column, compare.Value) is var (floor, isWhole):
                var ceiling = isWhole ? floor : floor + 1;
                return compare.Operator switch
                {
                    Comparison.Less => (compare.Column, long.MinValue, ceiling - 1),
                    Comparison.LessOrEqual => (compare.Column, long.MinValue, floor),
                    Comparison.Greater => (compare.Column, floor + 1, long.MaxValue),
                    Comparison.GreaterOrEqual => (compare.Column, ceiling, long.MaxValue),
                    _ => (compare.Column, ceiling, floor),
                };
            case PlanFilter.In { Negated: false } among when among.Values.Select(value => Stored(among.Column, value)).ToList() is { Count: > 0 } values && values.TrueForAll(value => value is not null):
                return (among.Column, values.Min(value => value!.Value.Floor), values.Max(value => value!.Value.Floor));
            default:
                return null;
        }
    }

    /// <summary>Returns a constant as the column stores it, or the next lower value and that there is none.</summary>
    private static (BigInteger Floor, bool IsWhole)? Stored(PlanColumn column, Literal literal) => column.Type switch
    {
        ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal => Number(literal.Text, column.Scale),
        ColumnType.Date when DateOnly.TryParseExact(literal.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) =>
            (date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber, true),
        ColumnType.Timestamp when DateTime.TryParseExact(
            literal.Text, ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) =>
            ((time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, true),
        _ => null,
    };

    private static (BigInteger Floor, bool IsWhole)? Number(string text, int scale)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? 0 : text.Length - point - 1;
        if (!BigInteger.TryParse(point < 0 ? text : text.Remove(point, 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var unscaled))
        {
            return null;
        }

        if (digits <= scale)
        {
            return (unscaled * BigInteger.Pow(10, scale - digits), true);
        }

        var unit = BigInteger.Pow(10, digits - scale);
        var floor = BigInteger.DivRem(unscaled, unit, out var rest);
        return (rest.Sign < 0 ? floor - 1 : floor, rest.IsZero);
    }

    private static long Held(BigInteger value) => (long)BigInteger.Clamp(value, long.MinValue, long.MaxValue);
}
