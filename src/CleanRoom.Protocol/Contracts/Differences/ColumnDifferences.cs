using System.Globalization;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Differences;

/// <summary>Compares the rules of one column.</summary>
internal static class ColumnDifferences
{
    public static void Compare(ColumnPolicy before, ColumnPolicy after, Changes changes, string column)
    {
        changes.Replaced("type", $"the type of {column}", before.Type, after.Type, ChangeKind.Loosens, Changes.Word);
        changes.Set("uses", $"the uses of {column}", before.Uses, after.Uses, ChangeKind.Loosens, Changes.Word);
        CompareDomain(before.Domain, after.Domain, changes, column);
        CompareGrain(before.Grain, after.Grain, changes, column);
        CompareClamp(before.Clamp, after.Clamp, changes, column);
        changes.Optional("scale", $"the digits after the point of {column}", before.Scale, after.Scale, ChangeKind.Loosens, ChangeKind.Neutral);
        changes.Replaced(
            "normalise", $"the identifier profile of {column}", before.Normalise, after.Normalise, ChangeKind.Neutral, profile => profile ?? "none");
        changes.Switched("public", $"showing empty groups of {column}", before.Public, after.Public, ChangeKind.Loosens);
    }

    private static void CompareDomain(ColumnDomain? before, ColumnDomain? after, Changes changes, string column)
    {
        if (before is null && after is null)
        {
            return;
        }

        if (before is null || after is null)
        {
            changes.Add(
                after is null ? ChangeKind.Loosens : ChangeKind.Tightens, "domain",
                after is null ? $"the values of {column} are no longer declared" : $"the values of {column} are now declared");
            return;
        }

        if (before.Values is { } old && after.Values is { } now)
        {
            changes.Set("domain.values", $"the values of {column}", old, now, ChangeKind.Loosens, Changes.Quote);
        }
        else if (before.Values is null != after.Values is null)
        {
            changes.Add(ChangeKind.Loosens, "domain", $"the values of {column} are declared in another way, as {(after.Values is null ? "a range" : "a list")}");
        }

        changes.Optional("domain.min", $"the least value of {column}", before.Min, after.Min, ChangeKind.Tightens, ChangeKind.Tightens);
        changes.Optional("domain.max", $"the largest value of {column}", before.Max, after.Max, ChangeKind.Loosens, ChangeKind.Tightens);
        changes.Optional("domain.step", $"the step of {column}", before.Step, after.Step, ChangeKind.Tightens, ChangeKind.Tightens);
    }

    private static void CompareGrain(string? before, string? after, Changes changes, string column)
    {
        if (before == after)
        {
            return;
        }

        var kind = (Size(before), Size(after)) switch
        {
            (_, null) => ChangeKind.Loosens,
            (null, _) => ChangeKind.Tightens,
            ({ } old, { } now) => now > old ? ChangeKind.Tightens : ChangeKind.Loosens,
        };
        changes.Add(kind, "grain", $"the grain of {column} goes from {Show(before)} to {Show(after)}");
    }

    private static void CompareClamp(ClampBounds? before, ClampBounds? after, Changes changes, string column)
    {
        if (before is null || after is null)
        {
            if (before is not null || after is not null)
            {
                changes.Add(
                    after is null ? ChangeKind.Loosens : ChangeKind.Tightens, "clamp",
                    after is null ? $"the bounds of {column} are gone" : $"{column} gets the bounds {after.Min} to {after.Max}");
            }

            return;
        }

        changes.Ordered("clamp.min", $"the lower bound of {column}", before.Min, after.Min, ChangeKind.Tightens);
        changes.Ordered("clamp.max", $"the upper bound of {column}", before.Max, after.Max, ChangeKind.Loosens);
    }

    // In days where it is a time, in units of the column where it is a number; null for none and for what cannot be compared.
    private static decimal? Size(string? grain) => grain switch
    {
        null => null,
        "day" => 1,
        "week" => 7,
        "month" => 30,
        _ => decimal.TryParse(grain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : null,
    };

    private static string Show(string? grain) => grain is null ? "none" : Changes.Quote(grain);
}
