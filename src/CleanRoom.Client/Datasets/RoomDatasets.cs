using System.Collections.Immutable;
using CleanRoom.Client.Budgets;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Client.Datasets;

/// <summary>An owner signs for its dataset: manifest, grant, withdrawal. Each step can be repeated after a kill. Spec: contracts/spec/0007.</summary>
public sealed class RoomDatasets(RoomClient room, IUploadStore store)
{
    /// <summary>Signs and appends the manifest of a sent upload, and grants its key to the room.</summary>
    /// <param name="state">With every part acknowledged.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The state with manifest, self-grant and grant, all in the ledger; or the refusals.</returns>
    public async Task<Result<UploadState>> PublishAsync(UploadState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.IsSent)
        {
            return new Refusal(RefusalCode.UploadIncomplete, $"{state.Source.Parts.Length} acknowledged parts", $"{state.Acknowledged.Length}");
        }

        if (!(await room.RefreshAsync(cancellationToken)).TryGet(out _, out var refusals)
            || !(await WithManifestAsync(state, cancellationToken)).TryGet(out var described, out refusals))
        {
            return refusals;
        }

        var manifest = EnvelopeCodec.Parse(described.Manifest!.Value.Span).Value; // WithManifestAsync has made or read it.
        if (!room.State.Datasets.ContainsKey(manifest.PayloadDigest)
            && !(await room.AppendAsync(manifest, cancellationToken)).TryGet(out _, out refusals))
        {
            return refusals;
        }

        return await GrantAsync(described, cancellationToken);
    }

    /// <summary>Grants the key of a published version to the room, by the owner's self-grant, unless the contract in force has a grant; again after an amendment.</summary>
    /// <remarks>In the tier dp the owner's budget log is read first: no key for a node that has lost what was spent.</remarks>
    public async Task<Result<UploadState>> GrantAsync(UploadState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!(await room.RefreshAsync(cancellationToken)).TryGet(out _, out var refusals) || !ManifestOf(state).TryGet(out var manifest, out refusals))
        {
            return refusals;
        }

        if (room.State.Active is not { } active)
        {
            return room.State.WhyNotActive(room.Services.Now)!;
        }

        if (room.State.Datasets.GetValueOrDefault(manifest)?.Grant?.ContractDigest == active.Digest)
        {
            return state;
        }

        if (await new RoomBudgets(room).WhyNotGrantAsync(state.Dataset, cancellationToken) is { } rolledBack)
        {
            return rolledBack;
        }

        if (Reusable(state, manifest, active.Digest) is { } kept)
        {
            return (await room.AppendAsync(kept, cancellationToken)).Then(_ => Result.Accept(state));
        }

        var self = UploadKeys.GrantSubject(state, manifest, state.ContractDigest);
        var opened = await KeyGrants.OpenFromSelfAsync(
            room.Services.Backend, room.Member.Keys.Receive, self, state.SelfGrant!, cancellationToken);
        if (!opened.TryGet(out var key, out refusals))
        {
            return refusals;
        }

        using (key)
        {
            // The collaboration's key is row 0's, which was compared with the appraised node's binding.
            var subject = UploadKeys.GrantSubject(state, manifest, active.Digest);
            var made = await KeyGrants.SealAsync(room.Services.Backend, room.State.Genesis!.SealingKey, subject, key, cancellationToken);
            if (!made.TryGet(out var grant, out refusals))
            {
                return refusals;
            }

            var signed = await room.SignAsync(grant, cancellationToken);
            var granted = state with { Grant = new Bytes(EnvelopeCodec.Encode(signed)) };
            if (await store.SaveAsync(granted, cancellationToken) is { } notKept)
            {
                return notKept;
            }

            return (await room.AppendAsync(signed, cancellationToken)).Then(_ => Result.Accept(granted));
        }
    }

    /// <summary>Takes a version back: no query may read it any more.</summary>
    public Task<Result<StatementResponse>> WithdrawAsync(Digest manifest, string reason, CancellationToken cancellationToken) =>
        room.RevokeAsync(RevocationKind.Dataset, manifest.ToString(), reason, cancellationToken);

    /// <summary>Returns the digest of the manifest that an upload was published with.</summary>
    public static Result<Digest> ManifestOf(UploadState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state is { Manifest: { } manifest, SelfGrant: not null }
            ? EnvelopeCodec.Parse(manifest.Span).Then(envelope => Result.Accept(envelope.PayloadDigest))
            : new Refusal(RefusalCode.UploadIncomplete, "an upload with a signed manifest", "one without");
    }

    /// <summary>Says whether the ledger has everything of an upload: its manifest, and a grant or the end of that version.</summary>
    /// <remarks>What is kept says less: a statement is kept before it is appended, so that the same one can be appended after a kill.</remarks>
    public static bool IsPublished(CollaborationState ledger, UploadState state)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        return ManifestOf(state).TryGet(out var manifest, out _)
            && ledger.Datasets.GetValueOrDefault(manifest) is { } version
            && (version.Grant is not null || version.WithdrawnSequence is not null);
    }

    /// <summary>Returns the kept grant if it was signed for this version and contract.</summary>
    private static Envelope? Reusable(UploadState state, Digest manifest, Digest contract) =>
        state.Grant is { } bytes
        && EnvelopeCodec.Parse(bytes.Span).TryGet(out var envelope, out _)
        && DocumentCodec.Parse<KeyGrant>(envelope.Payload.Span).TryGet(out var grant, out _)
        && grant.ContractDigest == contract && grant.ManifestDigest == manifest
            ? envelope
            : null;

    private async Task<Result<UploadState>> WithManifestAsync(UploadState state, CancellationToken cancellationToken)
    {
        if (state.Manifest is { } kept && IsStillNext(kept))
        {
            return state;
        }

        if (room.State.WhyNotActive(room.Services.Now) is { } inactive)
        {
            return inactive;
        }

        var active = room.State.Active!; // WhyNotActive has seen it.
        var owner = room.OwnerOf(active);
        var signed = await room.SignAsync(Describe(state, active.Digest), cancellationToken);
        if (!(await UploadKeys.OpenAsync(owner, state, cancellationToken)).TryGet(out var key, out var refusals))
        {
            return refusals;
        }

        Result<HpkeCiphertext> self;
        using (key)
        {
            self = await UploadKeys.SealAsync(
                owner, UploadKeys.GrantSubject(state, signed.PayloadDigest, state.ContractDigest), key, cancellationToken);
        }

        if (!self.TryGet(out var selfGrant, out refusals))
        {
            return refusals;
        }

        // Kept before it is sent: the same statement again is no second version.
        var described = state with { Manifest = new Bytes(EnvelopeCodec.Encode(signed)), SelfGrant = selfGrant, Grant = null };
        return await store.SaveAsync(described, cancellationToken) is { } notKept ? notKept : described;
    }

    /// <summary>Says whether a kept manifest is in the ledger, or may still be appended: another version may have come first.</summary>
    private bool IsStillNext(Bytes kept)
    {
        if (!EnvelopeCodec.Parse(kept.Span).TryGet(out var envelope, out _)
            || !DocumentCodec.Parse<DatasetManifest>(envelope.Payload.Span).TryGet(out var manifest, out _))
        {
            return false;
        }

        return room.State.Datasets.ContainsKey(envelope.PayloadDigest)
            || (manifest.ContractDigest == room.State.ActiveContract && (manifest.Version, manifest.Previous) == room.State.NextVersion(manifest.Dataset));
    }

    private DatasetManifest Describe(UploadState state, Digest contract)
    {
        var (version, previous) = room.State.NextVersion(state.Dataset);
        var parts = ImmutableArray.CreateBuilder<SealedPart>(state.Source.Parts.Length);
        for (var index = 0; index < state.Source.Parts.Length; index++)
        {
            var offset = (long)index * SourceFacts.PartBytes;
            parts.Add(new SealedPart
            {
                Index = index,
                Offset = offset,
                Bytes = (int)Math.Min(SourceFacts.PartBytes, state.Source.Length - offset),
                Digest = state.SealedDigest(index)!.Value, // IsSent has counted them.
            });
        }

        return new DatasetManifest
        {
            Collaboration = state.Collaboration,
            ContractDigest = contract,
            Dataset = state.Dataset,
            Version = version,
            Previous = previous,
            Upload = state.Upload,
            Schema = state.Source.Columns,
            Format = state.Source.Format,
            PlaintextBytes = state.Source.Length,
            Parts = parts.MoveToImmutable(),
            Nonce = Nonces.Fresh(),
        };
    }
}
