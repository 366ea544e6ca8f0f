using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Fold;

/// <summary>Manifests, grants and what the guest found.</summary>
internal static class DatasetFold
{
    /// <summary>The most parts of one version: 8 MiB each, so 8 TiB.</summary>
    private const int MaxParts = 1 << 20;

    public static Result<CollaborationState> Apply(FoldInput input, DatasetManifest manifest)
    {
        if ((input.WrongCollaboration(manifest.Collaboration) ?? input.WrongContract(manifest.ContractDigest)) is { } wrong)
        {
            return wrong;
        }

        if (input.State.Active!.FindDataset(manifest.Dataset) is not { } dataset)
        {
            return new Refusal(RefusalCode.DatasetUnknown, "a dataset of the contract", manifest.Dataset);
        }

        return WrongVersion(input.State, manifest) is { } version
            ? version
            : CheckParts(manifest)
                .Then(_ => OwnerOf(input, dataset))
                .Then(_ => Result.Accept(input.State with
                {
                    Datasets = input.State.Datasets.Add(
                        input.PayloadDigest,
                        new DatasetState(manifest, input.PayloadDigest, dataset.Owner, input.Sequence)),
                }));
    }

    public static Result<CollaborationState> Apply(FoldInput input, KeyGrant grant)
    {
        if ((input.WrongCollaboration(grant.Collaboration) ?? input.WrongContract(grant.ContractDigest)) is { } wrong)
        {
            return wrong;
        }

        if (!input.State.Datasets.TryGetValue(grant.ManifestDigest, out var dataset) || dataset.Manifest.Dataset != grant.Dataset)
        {
            return new Refusal(RefusalCode.DatasetUnknown, $"a manifest of {grant.Dataset}", grant.ManifestDigest.Abbreviated);
        }

        if (dataset.WithdrawnSequence is { } withdrawn)
        {
            return new Refusal(RefusalCode.Revoked, "a dataset version that stands", $"withdrawn at row {withdrawn}");
        }

        if (grant.Owner != dataset.Owner)
        {
            return new Refusal(RefusalCode.NotPermitted, $"a grant by {dataset.Owner}", $"a grant that names {grant.Owner}");
        }

        if (SealedKeyForm.WhyMalformed(grant.Enc, grant.Ciphertext) is { } malformed)
        {
            return malformed;
        }

        return OwnerOf(input, input.State.Active!.FindDataset(grant.Dataset)!).Then(_ => Result.Accept(input.State with
        {
            Datasets = input.State.Datasets.SetItem(dataset.Digest, dataset with { Grant = grant }),
        }));
    }

    public static Result<CollaborationState> Apply(FoldInput input, IngestStatement ingest)
    {
        if ((input.WrongCollaboration(ingest.Collaboration) ?? input.State.WhyNotActive(input.Time)) is { } wrong)
        {
            return wrong;
        }

        if (!input.State.Datasets.TryGetValue(ingest.ManifestDigest, out var dataset) || dataset.Manifest.Dataset != ingest.Dataset)
        {
            return new Refusal(RefusalCode.DatasetUnknown, $"a manifest of {ingest.Dataset}", ingest.ManifestDigest.Abbreviated);
        }

        if (dataset.Grant is null || dataset.WithdrawnSequence is not null || dataset.Ingest is not null)
        {
            return new Refusal(RefusalCode.DatasetRejected, "a granted version that stands and is not taken in yet", ingest.ManifestDigest.Abbreviated);
        }

        var declared = input.State.Active!.FindDataset(ingest.Dataset)!;
        return (DatasetPartitions.WhyWrong(ingest, declared) ?? WrongRows(ingest, declared) ?? WrongForm(ingest, input.State.Active!.Contract, declared)) is { } malformed ? malformed : input.SigningNode().Then(_ => Result.Accept(input.State with
        {
            Datasets = input.State.Datasets.SetItem(dataset.Digest, dataset with { Ingest = ingest }),
        }));
    }

    /// <summary>Identifiers in another form than the other side's would never meet, and nobody would notice.</summary>
    private static Refusal? WrongForm(IngestStatement ingest, Contract contract, Dataset dataset) => ingest switch
    {
        { Rekeyed.IsEmpty: true } => new(RefusalCode.DocumentInvalid, "profiles with tokens, or no such member", "an empty list"),
        { Accepted: true } => RekeyedProfiles.WhyAnotherForm(contract, dataset, ingest),
        { Rekeyed: not null } => new(RefusalCode.DocumentInvalid, "tokens in an accepted version alone", "tokens in a refused one"),
        _ => null,
    };

    private static Refusal? WrongRows(IngestStatement ingest, Dataset dataset)
    {
        if (ingest.Rows < 0 || ingest.MaxRowsPerUnit < 0)
        {
            return new(RefusalCode.DocumentInvalid, "numbers of rows from 0", $"{ingest.Rows} and {ingest.MaxRowsPerUnit}");
        }

        if (ingest.EveryRowHasUnit && !(ingest.Accepted && dataset.Policy.Unit is not null))
        {
            return new(RefusalCode.DocumentInvalid, "everyRowHasUnit in an accepted version of a dataset with a unit alone", "in another one");
        }

        // The threshold's proof counts on this cap.
        return ingest.Accepted && dataset.Policy.Unit is not null && ingest.MaxRowsPerUnit > dataset.Policy.Join.MaxRowsPerUnit
            ? new(RefusalCode.DatasetRejected, $"at most {dataset.Policy.Join.MaxRowsPerUnit} rows of one unit", $"{ingest.MaxRowsPerUnit}")
            : null;
    }

    private static Result<MemberState> OwnerOf(FoldInput input, Dataset dataset) => input.SigningMember(MemberRole.Owner)
        .Then<MemberState>(member => member.Delegation.Collaborator == dataset.Owner
            ? member
            : new Refusal(RefusalCode.NotPermitted, $"an owner of {dataset.Owner}", member.Name));

    private static Refusal? WrongVersion(CollaborationState state, DatasetManifest manifest)
    {
        var (version, previous) = state.NextVersion(manifest.Dataset);
        return manifest.Version == version && manifest.Previous == previous
            ? null
            : new(
                RefusalCode.Stale,
                $"version {version} of {manifest.Dataset}, previous {previous?.Abbreviated ?? "none"}",
                $"version {manifest.Version}, previous {manifest.Previous?.Abbreviated ?? "none"}");
    }

    private static Result<DatasetManifest> CheckParts(DatasetManifest manifest)
    {
        if (manifest.Parts.Length is 0 or > MaxParts)
        {
            return new Refusal(RefusalCode.DocumentInvalid, $"1 to {MaxParts} parts", $"{manifest.Parts.Length}");
        }

        long offset = 0;
        for (var i = 0; i < manifest.Parts.Length; i++)
        {
            var part = manifest.Parts[i];
            if (part.Index != i || part.Offset != offset || part.Bytes <= 0)
            {
                return new Refusal(RefusalCode.PartInvalid, $"part {i} from byte {offset}, not empty", $"part {part.Index} from byte {part.Offset}");
            }

            offset += part.Bytes;
        }

        return offset == manifest.PlaintextBytes
            ? manifest
            : new Refusal(RefusalCode.PartInvalid, $"parts of {manifest.PlaintextBytes} bytes in all", $"{offset}");
    }
}
