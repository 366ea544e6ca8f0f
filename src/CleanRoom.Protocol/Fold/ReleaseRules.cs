using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Fold;

/// <summary>What a result row says of a list: one record for each protected input, and none in the other tiers. Spec: contracts/spec/0005 s.7.</summary>
internal static class ReleaseRules
{
    public static Refusal? WhyWrong(CollaborationState state, QueryState query, RunState run, RunResult result)
    {
        var listed = state.Verdicts[run.Charge.VerdictDigest].Inputs
            .Where(input => input is { Tier: PolicyTier.List, MinUnits: > 0 }).Select(input => input.Dataset).ToHashSet(StringComparer.Ordinal);
        if (result.Releases is not { } releases)
        {
            return listed.Count == 0 ? null : Invalid($"one release for each of the {listed.Count} listed inputs", "none");
        }

        var wanted = query.Query.Inputs.Where(input => listed.Contains(input.Dataset)).Select(input => input.ManifestDigest).ToHashSet();
        if (wanted.Count == 0 || releases.Length != wanted.Count || !wanted.SetEquals(releases.Select(release => release.ManifestDigest)))
        {
            return Invalid($"one release for each of the {wanted.Count} listed inputs", $"{releases.Length} releases");
        }

        return releases.Select(WhyMalformed).FirstOrDefault(malformed => malformed is not null);
    }

    /// <summary>Returns what is wrong with the form of a record, or null.</summary>
    public static Refusal? WhyMalformed(ReleaseRecord release)
    {
        if (release.Units < 0)
        {
            return Invalid("a number of people from 0", $"{release.Units}");
        }

        return release.Columns.Any(column => column < 0) || !release.Columns.SequenceEqual(release.Columns.Distinct().Order())
            ? Invalid("columns from 0, ascending, each once", "others")
            : null;
    }

    private static Refusal Invalid(string wanted, string got) => new(RefusalCode.DocumentInvalid, wanted, got);
}
