using System.Globalization;
using CleanRoom.Protocol;

namespace CleanRoom.Portal.Shared;

/// <summary>Times as people read them.</summary>
internal static class When
{
    /// <summary>Returns day, month in letters, year, hour and minute, in UTC.</summary>
    public static string Of(Timestamp time) => time.Value.ToUniversalTime().ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
