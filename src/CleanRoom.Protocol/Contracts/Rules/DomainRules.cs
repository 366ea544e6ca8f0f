using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Rules;

/// <summary>The values that may occur in a column, or that a parameter may take. Spec: contracts/spec/0003 s.4.</summary>
internal static class DomainRules
{
    private const int MaxValues = 10_000;
    private const int ValueLength = 256;
    private const int MaxScale = 18;

    /// <summary>The largest size of a bound, which keeps the arithmetic on bounds exact.</summary>
    private const decimal MaxBound = 1_000_000_000_000_000_000m;

    public static void Check(ColumnPolicy column, ColumnDomain domain, string path, Findings findings)
    {
        var scale = ScaleOf(column);
        Check(column.Type, scale, domain, path, findings);
        if (column.Clamp is { } clamp)
        {
            foreach (var value in Extremes(domain))
            {
                findings.Require(
                    value >= clamp.Min && value <= clamp.Max,
                    path, $"values within clamp {clamp.Min} to {clamp.Max}: others refuse the upload", $"{value}");
            }
        }
    }

    /// <summary>Checks a domain by itself.</summary>
    public static void Check(ColumnType type, int scale, ColumnDomain domain, string path, Findings findings)
    {
        var hasRange = domain.Min is not null || domain.Max is not null || domain.Step is not null;
        if (domain.Values is null == !hasRange)
        {
            findings.Add(path, "either values or min and max", hasRange ? "both" : "neither");
            return;
        }

        if (domain.Values is { } values)
        {
            CheckValues(type, scale, values, path, findings);
        }
        else
        {
            CheckRange(type, scale, domain, path, findings);
        }
    }

    /// <summary>Returns the digits after the point that values of the column may have.</summary>
    public static int ScaleOf(ColumnPolicy column) => column.Type == ColumnType.Decimal ? column.Scale ?? MaxScale : 0;

    private static void CheckValues(ColumnType type, int scale, ImmutableArray<string> values, string path, Findings findings)
    {
        findings.Require(values.Length is >= 1 and <= MaxValues, path, $"1 to {MaxValues} values", $"{values.Length}");
        findings.Distinct(values, path, Names.Show);
        foreach (var value in values.Where(value => !IsValue(type, scale, value)))
        {
            findings.Add(path, $"values that are written as {type.ToString().ToLowerInvariant()}", Names.Show(value));
        }
    }

    private static void CheckRange(ColumnType type, int scale, ColumnDomain domain, string path, Findings findings)
    {
        if (!ColumnRules.IsNumber(type))
        {
            findings.Add(path, "a range on a number only", $"on {type.ToString().ToLowerInvariant()}");
            return;
        }

        if (domain.Min is not { } min || domain.Max is not { } max)
        {
            findings.Add(path, "both min and max", "one of them");
            return;
        }

        findings.Require(min <= max, path, "min at most max", $"{min} and {max}");
        findings.Require(
            Extremes(domain).All(value => ColumnRules.Fits(value, scale) && IsWithin(type, value)),
            path, $"bounds within the type with at most {scale} digits after the point", $"{min} and {max}");
        if (domain.Step is { } step && IsWithin(type, min) && IsWithin(type, max))
        {
            findings.Require(
                step > 0 && ColumnRules.Fits(step, scale), path, $"a step above 0 with at most {scale} digits after the point", $"{step}");
            findings.Require(step <= 0 || (max - min) % step == 0, path, "max on a step from min", $"{min}, {max} and step {step}");
        }
    }

    private static IEnumerable<decimal> Extremes(ColumnDomain domain)
    {
        var numbers = domain.Values is { } values
            ? values.Select(value => decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : (decimal?)null)
            : [domain.Min, domain.Max];
        return numbers.OfType<decimal>();
    }

    private static bool IsWithin(ColumnType type, decimal value) => type switch
    {
        ColumnType.Int32 => value >= int.MinValue && value <= int.MaxValue,
        ColumnType.Int64 => value >= long.MinValue && value <= long.MaxValue,
        _ => Math.Abs(value) <= MaxBound,
    };

    private static bool IsValue(ColumnType type, int scale, string text) => type switch
    {
        ColumnType.Boolean => text is "true" or "false",
        ColumnType.Int32 => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == text,
        ColumnType.Int64 => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == text,
        ColumnType.Decimal => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == text && ColumnRules.Fits(number, scale),
        ColumnType.String => Names.IsPlain(text, ValueLength),
        ColumnType.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        ColumnType.Timestamp => Timestamp.TryParse(text, out _),
        ColumnType.Uuid => Guid.TryParseExact(text, "D", out var uuid) && uuid.ToString("D") == text,
        ColumnType.Sha256 => Digest.TryParse(text, out _),
        _ => false,
    };
}
