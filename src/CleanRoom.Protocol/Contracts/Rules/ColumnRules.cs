using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Rules;

/// <summary>Type, uses and bounds of one column. Spec: contracts/spec/0003 s.3.</summary>
internal static class ColumnRules
{
    private const int MaxScale = 18;
    private const int SumDigits = 37;

    private static readonly FrozenSet<string> _profiles =
        new[] { "email.basic.v1", "email.uid2.v1", "phone.e164.v1" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly ImmutableArray<ColumnUse> _unitUses = [ColumnUse.Join, ColumnUse.CountDistinct, ColumnUse.List];
    private static readonly ImmutableArray<ColumnUse> _listUses = [ColumnUse.Join, ColumnUse.Filter, ColumnUse.List];

    public static void Check(Dataset dataset, string name, ColumnPolicy column, string path, Findings findings)
    {
        findings.Declared(column.Type, $"{path}.type");
        CheckUses(dataset, name, column, $"{path}.uses", findings);
        CheckScale(column, $"{path}.scale", findings);
        CheckClamp(dataset, column, $"{path}.clamp", findings);
        if (column.Domain is { } domain)
        {
            DomainRules.Check(column, domain, $"{path}.domain", findings);
        }

        CheckGrain(column, $"{path}.grain", findings);
        CheckNormalise(column, $"{path}.normalise", findings);
        findings.Require(
            !column.Public || (column.Domain is not null && column.Uses.Contains(ColumnUse.Group)),
            $"{path}.public", "a domain and the use group: only a declared set of groups can be public", "one of them is missing");
    }

    /// <summary>Says whether the type is a number.</summary>
    public static bool IsNumber(ColumnType type) => type is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal;

    /// <summary>Says whether sums and averages of the column may leave.</summary>
    public static bool IsMeasured(ColumnPolicy column) => column.Uses.Contains(ColumnUse.Sum) || column.Uses.Contains(ColumnUse.Avg);

    /// <summary>Says whether the number has at most so many digits after the point.</summary>
    public static bool Fits(decimal value, int scale) => decimal.Round(value, Math.Clamp(scale, 0, 28)) == value;

    private static void CheckUses(Dataset dataset, string name, ColumnPolicy column, string path, Findings findings)
    {
        findings.Distinct(column.Uses, path, Word);
        foreach (var use in column.Uses)
        {
            findings.Declared(use, path);
        }

        findings.Require(!IsMeasured(column) || IsNumber(column.Type), path, "sum and avg on a number", $"on {Word(column.Type)}");
        findings.Require(
            !column.Uses.Contains(ColumnUse.Join) || column.Type is not (ColumnType.Boolean or ColumnType.Decimal),
            path, "join on an identifier, not on boolean or decimal", $"on {Word(column.Type)}");
        if (dataset.Policy.Unit?.Column == name)
        {
            // A group or a filter on the person is a question about the person.
            Only(column, _unitUses, path, "the unit column", findings);
        }

        if (dataset.Policy.Tier == PolicyTier.List)
        {
            Only(column, _listUses, path, "a column of the tier list", findings);
        }
        else
        {
            findings.Require(!column.Uses.Contains(ColumnUse.List), path, "no use list outside the tier list", "list");
        }
    }

    private static void Only(ColumnPolicy column, ImmutableArray<ColumnUse> allowed, string path, string what, Findings findings)
    {
        var others = column.Uses.Where(use => !allowed.Contains(use)).Select(Word).ToList();
        findings.Require(
            others.Count == 0, path, $"only {string.Join(", ", allowed.Select(Word))} on {what}", string.Join(", ", others));
    }

    private static void CheckScale(ColumnPolicy column, string path, Findings findings)
    {
        if (column.Scale is not { } scale)
        {
            findings.Require(column.Type != ColumnType.Decimal, path, "a scale, since the type is decimal", "none");
            findings.Require(!IsMeasured(column), path, "a scale, since sum or avg is granted", "none");
            return;
        }

        findings.Require(IsNumber(column.Type), path, "a scale on a number only", $"{scale} on {Word(column.Type)}");
        findings.InRange(scale, 0, column.Type == ColumnType.Decimal ? MaxScale : 0, path);
    }

    private static void CheckClamp(Dataset dataset, ColumnPolicy column, string path, Findings findings)
    {
        if (column.Clamp is not { } clamp)
        {
            findings.Require(!IsMeasured(column), path, "bounds, since sum or avg is granted", "none");
            return;
        }

        findings.Require(IsNumber(column.Type), path, "bounds on a number only", $"on {Word(column.Type)}");
        findings.Require(clamp.Min <= clamp.Max, path, "min at most max", $"{clamp.Min} and {clamp.Max}");
        var scale = column.Type == ColumnType.Decimal ? column.Scale ?? MaxScale : 0;
        findings.Require(
            Fits(clamp.Min, scale) && Fits(clamp.Max, scale), path, $"at most {scale} digits after the point", $"{clamp.Min} and {clamp.Max}");
        if (column.Type == ColumnType.Int32)
        {
            findings.Require(clamp.Min >= int.MinValue && clamp.Max <= int.MaxValue, path, "bounds within int32", $"{clamp.Min} and {clamp.Max}");
        }
        else if (column.Type == ColumnType.Int64)
        {
            findings.Require(clamp.Min >= long.MinValue && clamp.Max <= long.MaxValue, path, "bounds within int64", $"{clamp.Min} and {clamp.Max}");
        }

        // An overflow would tell a run with a victim's value from one without.
        findings.Require(
            Largest(clamp, scale) * ContractRules.MaxRowsPerDataset * Math.Max(1, dataset.Policy.Join.MaxFanout) < BigInteger.Pow(10, SumDigits),
            path, $"rows x fan-out x largest value x 10^scale below 10^{SumDigits}, with {ContractRules.MaxRowsPerDataset} rows",
            $"{clamp.Min} and {clamp.Max} at scale {scale} and fan-out {dataset.Policy.Join.MaxFanout}");
    }

    private static BigInteger Largest(ClampBounds clamp, int scale) =>
        new BigInteger(decimal.Ceiling(Math.Max(Math.Abs(clamp.Min), Math.Abs(clamp.Max)))) * BigInteger.Pow(10, Math.Clamp(scale, 0, MaxScale));

    private static void CheckGrain(ColumnPolicy column, string path, Findings findings)
    {
        if (column.Grain is not { } grain)
        {
            return;
        }

        if (column.Type is ColumnType.Date or ColumnType.Timestamp)
        {
            findings.Require(grain is "day" or "week" or "month", path, $"day, week or month on {Word(column.Type)}", Names.Show(grain));
            return;
        }

        if (!IsNumber(column.Type))
        {
            findings.Add(path, "a grain on a number, a date or a timestamp only", $"{Names.Show(grain)} on {Word(column.Type)}");
            return;
        }

        var scale = column.Type == ColumnType.Decimal ? column.Scale ?? MaxScale : 0;
        findings.Require(
            TryNumber(grain, out var value) && value > 0 && Fits(value, scale),
            path, $"a number above 0 with at most {scale} digits after the point", Names.Show(grain));
    }

    private static bool TryNumber(string text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
        && value.ToString(CultureInfo.InvariantCulture) == text;

    private static void CheckNormalise(ColumnPolicy column, string path, Findings findings)
    {
        if (column.Normalise is { } profile)
        {
            findings.Require(_profiles.Contains(profile), path, $"one of {string.Join(", ", _profiles.Order(StringComparer.Ordinal))}", Names.Show(profile));
            findings.Require(
                column.Type is ColumnType.String or ColumnType.Sha256, path, "a profile on a string or sha256 only", $"on {Word(column.Type)}");
        }
    }

    private static string Word<T>(T value)
        where T : struct, Enum => Words.Of(value);
}
