using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Rules;

/// <summary>What the next version of a contract must keep. Spec: contracts/spec/0002 s.9.</summary>
internal static class AmendmentRules
{
    public static void Check(Contract before, Contract after, Findings findings)
    {
        findings.Require(after.Id == before.Id, "id", $"{Names.Show(before.Id)} as before", Names.Show(after.Id));
        findings.Require(after.Version == before.Version + 1L, "version", $"{before.Version + 1L}", $"{after.Version}");
        var previous = DocumentCodec.DigestOf(before);
        findings.Require(
            after.Previous == previous,
            "previous", $"the digest {previous.Abbreviated} of the version before", after.Previous is { } other ? other.Abbreviated : "null");
        foreach (var carried in after.CarriesOver)
        {
            var old = before.Datasets.FirstOrDefault(dataset => dataset.SqlName == carried.Dataset);
            var now = after.Datasets.FirstOrDefault(dataset => dataset.SqlName == carried.Dataset);
            if (old is null || now is null)
            {
                findings.Add("carriesOver", "a dataset of both versions", Names.Show(carried.Dataset));
                continue;
            }

            // The rows were checked at ingest against the old rules; under other rules they would stand unchecked.
            foreach (var difference in IngestDifferences(old, now).Concat(FormDifferences(before, old, after, now)))
            {
                findings.Add(
                    "carriesOver", $"the rules of {Names.Show(carried.Dataset)} that ingest checked, unchanged", $"another {difference}");
            }
        }
    }

    /// <summary>What was stored as a token cannot leave as a value, and the reverse: the version must be brought anew.</summary>
    private static IEnumerable<string> FormDifferences(Contract before, Dataset old, Contract after, Dataset now)
    {
        var (then, next) = (RekeyedProfiles.Of(before, old), RekeyedProfiles.Of(after, now));
        return then.Except(next, StringComparer.Ordinal).Concat(next.Except(then, StringComparer.Ordinal))
            .Select(profile => $"form of the identifiers under {Names.Show(profile)}, which the use list of a column decides");
    }

    private static IEnumerable<string> IngestDifferences(Dataset old, Dataset now)
    {
        if (!old.Schema.SequenceEqual(now.Schema))
        {
            yield return "schema";
        }

        if (old.Policy.Unit != now.Policy.Unit)
        {
            yield return "unit";
        }

        if (now.Policy.Join.MaxRowsPerUnit < old.Policy.Join.MaxRowsPerUnit)
        {
            yield return "maxRowsPerUnit, which is lower";
        }

        foreach (var (name, column) in now.Policy.Columns)
        {
            if (old.Policy.Columns.TryGetValue(name, out var then) && !SameContent(then, column))
            {
                yield return $"type, domain, clamp, scale or profile of the column {Names.Show(name)}";
            }
        }
    }

    private static bool SameContent(ColumnPolicy old, ColumnPolicy now) =>
        old.Type == now.Type && old.Scale == now.Scale && old.Normalise == now.Normalise && old.Clamp == now.Clamp
        && (old.Domain is null) == (now.Domain is null)
        && (old.Domain is null || now.Domain is null || SameDomain(old.Domain, now.Domain));

    private static bool SameDomain(ColumnDomain old, ColumnDomain now) =>
        old.Min == now.Min && old.Max == now.Max && old.Step == now.Step
        && (old.Values is { } left ? now.Values is { } right && left.SequenceEqual(right) : now.Values is null);
}
