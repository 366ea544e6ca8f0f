using System.Globalization;

namespace CleanRoom.Node.Tests.Api.Negative;

/// <summary>Values that a parameter of a path or a query should not have, escaped as they are sent.</summary>
internal static class BadPaths
{
    /// <summary>Gets values that no parameter may have, whatever its form.</summary>
    public static IReadOnlyList<string> Values { get; } =
    [
        "", ".", "..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "..%5c..%5c", "%00", "a%00b", "%0a", "%0d%0aX-Injected:%201", "%ff", "%c0%ae%c0%ae", "%ed%a0%80",
        "%f0%9f%98%80", "%e2%80%ae", "%", "%2", "%zz", "%u0041", "%20", "%2520", "+", "*", "~", ";a=b", "a:b", "a@b", "a,b", "%5b%5d", "%7bcollaboration%7d",
        "'%20OR%20'1'='1", "%22%3e%3cscript%3e", "$(id)", "null", "undefined", "NaN", "true", "-1", "1.5", "1e400", "0x10", "9223372036854775808",
        "-9223372036854775809", "99999999999999999999999999999999", "%d9%a1%d9%a2", "00000000-0000-0000-0000-000000000000",
        new string('A', 64), new string('g', 64), new string('a', 63), new string('a', 65), new string('0', 31), new string('0', 33),
        string.Concat(Enumerable.Repeat("%d9%a0", 64)), string.Concat(Enumerable.Repeat("%ef%bd%81", 64)), new string('a', 6000), string.Concat(Enumerable.Repeat("%2f", 2000)),
    ];

    /// <summary>Gets values of the right form that name nothing here, or the first and last of what a form allows.</summary>
    public static IReadOnlyList<string> Strangers { get; } =
        [new string('a', 64), new string('0', 64), new string('f', 64), new string('0', 32), new string('f', 32), "registry.people", "person-v2"];

    /// <summary>Returns queries that are wrong in the place of one parameter.</summary>
    public static IEnumerable<(string Query, bool IsWrong)> Queries(ApiParameter parameter)
    {
        var (name, isNumber) = (parameter.Name, parameter.Schema["pattern"] is not null);
        if (parameter.IsRequired)
        {
            yield return (string.Empty, true);
            yield return ("?", true);
            yield return ($"?{name}[]=1", true);
        }

        foreach (var value in Values)
        {
            // A number that is read as one is clamped: pages begin and end somewhere.
            var isWrong = isNumber && !long.TryParse(Uri.UnescapeDataString(value).Trim(), CultureInfo.InvariantCulture, out _) && value is not ("" or "+");
            yield return ($"?{name}={value}", isWrong);
        }

        foreach (var value in new[] { "0", "-1", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "-9223372036854775808", "%2b1", "1,000", "1&1" })
        {
            yield return ($"?{name}={value}", false);
        }

        yield return ($"?{name}", parameter.IsRequired);
        yield return ($"?{name}=1&{name}=2", isNumber);
        yield return ($"?&&=&{name}=a&%00=1&{new string('n', 3000)}=1", isNumber || parameter.IsRequired);
        yield return ($"?{string.Join('&', Enumerable.Repeat($"{name}=1", 700))}", isNumber);
        yield return ($"?{string.Join('&', Enumerable.Range(0, 1100).Select(i => string.Create(CultureInfo.InvariantCulture, $"q{i}")))}", parameter.IsRequired);
    }
}
