using System.Collections.Immutable;
using System.Globalization;

namespace CleanRoom.Client.Results;

/// <summary>How an answer is best drawn.</summary>
public enum ChartShape
{
    /// <summary>As a table alone.</summary>
    None = 0,

    /// <summary>A bar for each group.</summary>
    Bar = 1,

    /// <summary>A line over time or over a number.</summary>
    Line = 2,

    /// <summary>Adjoining bars over even steps of a number.</summary>
    Histogram = 3,

    /// <summary>A point for each row.</summary>
    Scatter = 4,
}

/// <summary>One mark of a chart.</summary>
/// <param name="Label">What it stands for, in words.</param>
/// <param name="X">Its place: the number or date across, or the group's position from 0.</param>
/// <param name="Y">Its height.</param>
public sealed record ChartMark(string Label, decimal X, decimal Y);

/// <summary>An answer as a chart, chosen by the shape of its columns. Exact numbers alone; cells without a value have no mark and are counted.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Across">The name of what lies across.</param>
/// <param name="Up">The name of what is measured.</param>
/// <param name="Marks">In the order in which they are drawn.</param>
/// <param name="Missing">Rows without a mark, for want of a value: withheld, or none.</param>
public sealed record AnswerChart(ChartShape Shape, string Across, string Up, ImmutableArray<ChartMark> Marks, int Missing)
{
    /// <summary>The most bars or points that a page can show so that one is told from another.</summary>
    public const int MaxMarks = 400;

    private static readonly AnswerChart _none = new(ChartShape.None, string.Empty, string.Empty, [], 0);

    /// <summary>Chooses.</summary>
    /// <remarks>
    /// Groups in words give bars. A date gives a line. A number that occurs once in each row is a group too: over even steps with counts a
    /// histogram, otherwise a line, and bars for two groups. Two numbers that say nothing about groups give points. Anything else is a table.
    /// </remarks>
    public static AnswerChart Of(ArrowTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var kinds = Enumerable.Range(0, table.Columns.Length).Select(column => KindOf(table, column)).ToList();
        if (table.Rows.Length is < 2 or > MaxMarks || kinds.FindLastIndex(kind => kind == Kind.Number) is var measure && measure < 0)
        {
            return _none;
        }

        var first = kinds.FindIndex(kind => kind == Kind.Number);
        if (kinds.FindIndex(kind => kind == Kind.Date) is >= 0 and var date)
        {
            return Draw(table, ChartShape.Line, [date], first, row => Days(row[date]));
        }

        ImmutableArray<int> words = [.. Enumerable.Range(0, kinds.Count).Where(column => kinds[column] == Kind.Word)];
        if (!words.IsEmpty)
        {
            // Numbers before the last word-column are keys of the group as well, such as a sex coded as 0 and 1.
            ImmutableArray<int> keys = [.. Enumerable.Range(0, measure).Where(column => kinds[column] == Kind.Word || IsKey(table, kinds, column, measure))];
            return DrawBars(table, keys, FirstMeasure(kinds, keys, measure));
        }

        if (first == measure)
        {
            return _none;
        }

        var values = table.Rows.Select(row => Number(row[first])).OfType<decimal>().ToList();
        if (values.Distinct().Count() != table.Rows.Length)
        {
            return Draw(table, ChartShape.Scatter, [first], measure, row => Number(row[first]));
        }

        var steps = values.Order().Zip(values.Order().Skip(1), (one, next) => next - one).ToList();
        var isCount = table.Rows.Select(row => Number(row[first + 1])).All(value => value is null || (value >= 0 && value == decimal.Truncate(value.Value)));
        return values.Count switch
        {
            2 => DrawBars(table, [first], first + 1),
            _ when steps.TrueForAll(step => step % steps.Min() == 0) && isCount => Draw(table, ChartShape.Histogram, [first], first + 1, row => Number(row[first])),
            _ => Draw(table, ChartShape.Line, [first], first + 1, row => Number(row[first])),
        };
    }

    private static int FirstMeasure(List<Kind> kinds, ImmutableArray<int> keys, int measure) =>
        Enumerable.Range(0, measure + 1).First(column => kinds[column] == Kind.Number && !keys.Contains(column));

    /// <summary>A number with few different values, each several times, stands for a group.</summary>
    private static bool IsKey(ArrowTable table, List<Kind> kinds, int column, int measure) =>
        kinds[column] == Kind.Number && column < measure
        && table.Rows.Select(row => row[column]).Distinct(StringComparer.Ordinal).Count() * 2 <= table.Rows.Length;

    private static AnswerChart DrawBars(ArrowTable table, ImmutableArray<int> keys, int measure)
    {
        var place = 0;
        return Draw(table, ChartShape.Bar, keys, measure, _ => place++);
    }

    private static AnswerChart Draw(
        ArrowTable table, ChartShape shape, ImmutableArray<int> keys, int measure, Func<ImmutableArray<string?>, decimal?> placeOf)
    {
        var marks = ImmutableArray.CreateBuilder<ChartMark>();
        foreach (var row in table.Rows)
        {
            if (Number(row[measure]) is { } height && placeOf(row) is { } place)
            {
                marks.Add(new ChartMark(string.Join(", ", keys.Select(key => row[key] ?? "none")), place, height));
            }
        }

        var drawn = shape is ChartShape.Bar ? marks.ToImmutable() : [.. marks.OrderBy(mark => mark.X)];
        return drawn.Length < 2
            ? _none
            : new AnswerChart(shape, string.Join(", ", keys.Select(key => table.Columns[key])), table.Columns[measure], drawn, table.Rows.Length - drawn.Length);
    }

    private static Kind KindOf(ArrowTable table, int column)
    {
        var cells = table.Rows.Select(row => row[column]).OfType<string>().ToList();
        return cells.Count == 0 ? Kind.Nothing
            : cells.TrueForAll(cell => Number(cell) is not null) ? Kind.Number
            : cells.TrueForAll(cell => Days(cell) is not null) ? Kind.Date
            : Kind.Word;
    }

    private static decimal? Number(string? cell) =>
        decimal.TryParse(cell, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static decimal? Days(string? cell) =>
        DateTime.TryParseExact(cell, ["yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss.FFFFFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? (decimal)time.Ticks / TimeSpan.TicksPerDay
            : null;

    private enum Kind
    {
        Nothing,
        Number,
        Date,
        Word,
    }
}
