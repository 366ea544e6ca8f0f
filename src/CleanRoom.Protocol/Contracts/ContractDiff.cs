using System.Collections.Immutable;
using CleanRoom.Protocol.Contracts.Differences;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol.Contracts;

/// <summary>Says in words what a new version of a contract changes, so that a person can decide whether to sign.</summary>
public static class ContractDiff
{
    /// <summary>Compares every member of two contracts.</summary>
    /// <returns>The changes in the order of the document; empty exactly when both are the same document.</returns>
    public static ImmutableArray<ContractChange> Compare(Contract before, Contract after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var target = ImmutableArray.CreateBuilder<ContractChange>();
        var changes = new Changes(ContractChange.All, "the new version", string.Empty, target);
        CompareHead(before, after, changes);
        CompareCollaborators(before, after, changes);
        CompareDatasets(before, after, changes);
        TemplateDifferences.Compare(before.Templates, after.Templates, changes);
        GovernanceDifferences.Compare(before, after, changes);
        AttestationDifferences.Compare(before.Attestation, after.Attestation, changes);
        CompareEnd(before, after, changes);

        // Nobody signs a changed document under the impression that nothing changed.
        if (target.Count == 0 && DocumentCodec.DigestOf(before) != DocumentCodec.DigestOf(after))
        {
            changes.Add(ChangeKind.Loosens, "contract", "the new version changes something that this program cannot name");
        }

        return target.ToImmutable();
    }

    /// <summary>Compares two contracts as people write them, also where they hold members that this program does not know.</summary>
    /// <param name="before">JSON. Trust: attacker-controlled.</param>
    /// <param name="after">JSON. Trust: attacker-controlled.</param>
    /// <returns>
    /// The changes as <see cref="Compare"/> says them, then each unknown member that was added, removed or changed, as loosening; or the refusals of
    /// <see cref="DocumentCodec.FromPerson{T}"/> for another reason than an unknown member.
    /// </returns>
    public static Result<ImmutableArray<ContractChange>> CompareTexts(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (!DocumentCodec.ReadKnown<Contract>(before).TryGet(out var old, out var refusals)
            || !DocumentCodec.ReadKnown<Contract>(after).TryGet(out var now, out refusals))
        {
            return refusals;
        }

        var target = ImmutableArray.CreateBuilder<ContractChange>();
        target.AddRange(Compare(old.Known, now.Known));
        var changes = new Changes(ContractChange.All, "the new version", string.Empty, target);
        foreach (var path in old.Unknown.Keys.Union(now.Unknown.Keys).Order(StringComparer.Ordinal))
        {
            var did = (old.Unknown.GetValueOrDefault(path), now.Unknown.GetValueOrDefault(path)) switch
            {
                (null, _) => "adds",
                (_, null) => "removes",
                var (then, later) => Jcs.Write(then).AsSpan().SequenceEqual(Jcs.Write(later)) ? null : "changes",
            };
            if (did is not null)
            {
                changes.Add(ChangeKind.Loosens, path, $"the new version {did} {path}, which this program does not know");
            }
        }

        return target.ToImmutable();
    }

    private static void CompareHead(Contract before, Contract after, Changes changes)
    {
        changes.Replaced("id", "the contract's id", before.Id, after.Id, ChangeKind.Loosens, Changes.Quote);
        changes.Ordered("version", "the version", before.Version, after.Version, ChangeKind.Neutral);
        changes.Replaced("previous", "the version that it follows", before.Previous, after.Previous, ChangeKind.Neutral, Show);
        changes.Replaced("title", "the title", before.Title, after.Title, ChangeKind.Neutral, Changes.Quote);
        if (before.Purpose != after.Purpose)
        {
            changes.Add(ChangeKind.Loosens, "purpose", $"the new version changes the purpose that the data may serve; it now reads {after.Purpose}");
        }

        changes.Replaced(
            "legalTextSha256", "the legal text", before.LegalTextSha256, after.LegalTextSha256, ChangeKind.Loosens, digest => digest.Abbreviated);
    }

    private static void CompareCollaborators(Contract before, Contract after, Changes changes)
    {
        changes.Set(
            "collaborators", "the collaborators",
            [.. before.Collaborators.Select(one => one.Id)], [.. after.Collaborators.Select(one => one.Id)], ChangeKind.Loosens, Changes.Quote);
        foreach (var now in after.Collaborators)
        {
            if (before.Collaborators.FirstOrDefault(one => one.Id == now.Id) is { } old)
            {
                var own = changes.For(now.Id, now.Id, $"collaborators[{now.Id}]");
                own.Replaced("name", "its name", old.Name, now.Name, ChangeKind.Neutral, Changes.Quote);
                own.Replaced(
                    "rootKey", "the root key that speaks for it", old.RootKey, now.RootKey, ChangeKind.Loosens,
                    key => Digest.Of(key.Span).Abbreviated);
            }
        }
    }

    private static void CompareDatasets(Contract before, Contract after, Changes changes)
    {
        foreach (var now in after.Datasets)
        {
            var own = changes.For(now.Owner, now.Owner, $"datasets[{now.SqlName}]");
            if (before.Datasets.FirstOrDefault(one => one.SqlName == now.SqlName) is { } old)
            {
                DatasetDifferences.Compare(old, now, own);
            }
            else
            {
                own.Add(ChangeKind.Neutral, "schema", $"{now.Owner} will bring a new dataset {now.SqlName}");
            }
        }

        foreach (var old in before.Datasets.Where(old => !after.Datasets.Any(one => one.SqlName == old.SqlName)))
        {
            changes.For(old.Owner, old.Owner, $"datasets[{old.SqlName}]")
                .Add(ChangeKind.Tightens, "schema", $"{old.Owner} no longer brings the dataset {old.SqlName}");
        }

        if (before.Datasets.Length == after.Datasets.Length)
        {
            var names = after.Datasets.Select(one => one.SqlName).ToList();
            if (!before.Datasets.Select(one => one.SqlName).SequenceEqual(names) && before.Datasets.All(one => names.Contains(one.SqlName)))
            {
                changes.Add(ChangeKind.Neutral, "datasets", "the new version writes the datasets in another order");
            }
        }
    }

    private static void CompareEnd(Contract before, Contract after, Changes changes)
    {
        var rollback = before.Rollback == RollbackDefence.None ? ChangeKind.Tightens
            : after.Rollback == RollbackDefence.None ? ChangeKind.Loosens : ChangeKind.Neutral;
        changes.Replaced("rollback", "the defence against rollback", before.Rollback, after.Rollback, rollback, Changes.Word);
        changes.Optional(
            "recovery.k", "the number of collaborators that can together restore all keys and so read everything",
            before.Recovery.K, after.Recovery.K, ChangeKind.Tightens, ChangeKind.Loosens);
        changes.Set(
            "carriesOver", "the uploads that stay open", before.CarriesOver, after.CarriesOver, ChangeKind.Neutral,
            carried => $"{carried.Dataset} {carried.ManifestDigest.Abbreviated}");
        changes.Switched(
            "allowInsecure", "INSECURE operation (simulated hardware, no floors; never for real data)",
            before.AllowInsecure, after.AllowInsecure, ChangeKind.Loosens);
        changes.Ordered("notBefore", "the beginning", before.NotBefore, after.NotBefore, ChangeKind.Tightens);
        changes.Ordered("expires", "the end", before.Expires, after.Expires, ChangeKind.Loosens);
    }

    private static string Show(Digest? digest) => digest is { } value ? value.Abbreviated : "none";
}
