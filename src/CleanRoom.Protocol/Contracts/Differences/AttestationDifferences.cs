using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Differences;

/// <summary>Compares the code that may open the data. A tuple is the same one when its TEE and all its reference values are.</summary>
internal static class AttestationDifferences
{
    private const string AnyChip = "any";

    public static void Compare(AttestationPolicy before, AttestationPolicy after, Changes changes)
    {
        foreach (var now in after.Accepted)
        {
            if (before.Accepted.FirstOrDefault(tuple => SameCode(tuple, now)) is { } old)
            {
                CompareTuple(old, now, changes);
            }
            else
            {
                changes.Add(ChangeKind.Loosens, "attestation.accepted", $"the new version lets {Show(now)} open the data");
            }
        }

        foreach (var gone in before.Accepted.Where(old => !after.Accepted.Any(now => SameCode(old, now))))
        {
            changes.Add(ChangeKind.Tightens, "attestation.accepted", $"the new version no longer lets {Show(gone)} open the data");
        }

        if (before.Accepted.Length == after.Accepted.Length && before.Accepted.All(old => after.Accepted.Any(now => SameCode(old, now)))
            && before.Accepted.Zip(after.Accepted).Any(pair => !SameCode(pair.First, pair.Second)))
        {
            changes.Add(ChangeKind.Neutral, "attestation.accepted", "the new version writes the accepted code in another order");
        }

        changes.Set(
            "attestation.codeEndorsers", "those who together may endorse later code without a new contract",
            before.CodeEndorsers, after.CodeEndorsers, OfAnEndorserMore(before, after), key => Digest.Of(key.Span).Abbreviated);
    }

    /// <summary>All endorsers sign together: where there are some, one more is one more who has to agree; the first ones open a way that there was not.</summary>
    private static ChangeKind OfAnEndorserMore(AttestationPolicy before, AttestationPolicy after) =>
        before.CodeEndorsers.IsEmpty || after.CodeEndorsers.IsEmpty ? ChangeKind.Loosens : ChangeKind.Tightens;

    private static void CompareTuple(ReferenceTuple before, ReferenceTuple after, Changes changes)
    {
        var what = Show(after);
        foreach (var component in before.MinimumTcb.Keys.Union(after.MinimumTcb.Keys, StringComparer.Ordinal))
        {
            changes.Optional(
                "attestation.accepted.minimumTcb", $"the least version of {component} for {what}",
                Least(before.MinimumTcb, component), Least(after.MinimumTcb, component), ChangeKind.Tightens, ChangeKind.Tightens);
        }

        CompareChips(before.ChipIds, after.ChipIds, what, changes);
        changes.Set(
            "attestation.accepted.anchors", $"the pinned roots for {what}", before.Anchors, after.Anchors, ChangeKind.Loosens, anchor => anchor.Abbreviated);
        changes.Switched(
            "attestation.accepted.debug", $"DEBUG access, by which the operator reads everything, for {what}",
            before.Debug, after.Debug, ChangeKind.Loosens);
    }

    private static void CompareChips(ImmutableArray<string> before, ImmutableArray<string> after, string what, Changes changes)
    {
        if (before.Contains(AnyChip) == after.Contains(AnyChip))
        {
            changes.Set("attestation.accepted.chipIds", $"the chips for {what}", before, after, ChangeKind.Loosens, Changes.Quote);
            return;
        }

        changes.Add(
            after.Contains(AnyChip) ? ChangeKind.Loosens : ChangeKind.Tightens, "attestation.accepted.chipIds",
            after.Contains(AnyChip) ? $"the new version accepts any chip for {what}" : $"the new version accepts only {after.Length} named chips for {what}");
    }

    private static int? Least(ImmutableSortedDictionary<string, int> versions, string component) =>
        versions.TryGetValue(component, out var least) ? least : null;

    private static bool SameCode(ReferenceTuple left, ReferenceTuple right) =>
        left.Tee == right.Tee && left.Values.SequenceEqual(right.Values);

    private static string Show(ReferenceTuple tuple) =>
        $"{tuple.Tee} code with " + Words.List([.. tuple.Values.Select(pair => $"{pair.Key} {Short(pair.Value)}")], "no reference value");

    private static string Short(string value) => value.Length > 12 ? value[..12] + "..." : value;
}
