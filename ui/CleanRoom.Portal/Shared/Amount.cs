using System.Globalization;

namespace CleanRoom.Portal.Shared;

/// <summary>Sizes and spans as people read them.</summary>
internal static class Amount
{
    private static readonly string[] _units = ["bytes", "kB", "MB", "GB"];

    /// <summary>Returns a number of bytes in the largest unit of thousands that leaves a whole number, with a digit behind the point below 10.</summary>
    public static string Of(long bytes)
    {
        var (unit, scale) = (0, 1L);
        while (unit < _units.Length - 1 && bytes >= 1_000 * scale)
        {
            (unit, scale) = (unit + 1, scale * 1_000);
        }

        var (whole, tenth) = (bytes / scale, bytes % scale * 10 / scale);
        return unit > 0 && whole < 10
            ? string.Create(CultureInfo.InvariantCulture, $"{whole}.{tenth} {_units[unit]}")
            : string.Create(CultureInfo.InvariantCulture, $"{whole} {_units[unit]}");
    }

    /// <summary>Returns a span in its two largest units.</summary>
    public static string Of(TimeSpan span) => span switch
    {
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes} min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min {span.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.Seconds} s"),
    };
}
