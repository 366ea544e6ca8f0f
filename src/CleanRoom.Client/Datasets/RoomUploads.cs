using System.Security.Cryptography;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Datasets.Check;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Datasets;

/// <summary>An owner checks, seals and sends a dataset. What it sends is sealed here, part by part. Spec: contracts/spec/0007, 0010 s.6.</summary>
public sealed class RoomUploads(RoomClient room, IUploadStore store)
{
    private const int UploadIdBytes = 16;

    /// <summary>Checks a file against the contract in force. Nothing leaves the machine.</summary>
    /// <returns>The report, also of a file that is refused; or <see cref="RefusalCode.DatasetUnknown"/>, <see cref="RefusalCode.SourceChanged"/>.</returns>
    public async Task<Result<IngestReport>> CheckAsync(
        string dataset, DatasetSource source, CheckOptions options, IProgress<IngestProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (!Find(dataset).TryGet(out var described, out var refusals))
        {
            return refusals;
        }

        return await source.ReadAsync(
            async stream => Result.Accept(await DatasetChecker.RunAsync(stream, described, options, progress, cancellationToken)), cancellationToken);
    }

    /// <summary>Begins an upload: records what the source is and makes its data key. Nothing is sent yet.</summary>
    public async Task<Result<UploadState>> BeginAsync(string dataset, DatasetSource source, CancellationToken cancellationToken)
    {
        if (!Find(dataset).TryGet(out _, out var refusals) || !(await SourceFacts.ReadAsync(source, cancellationToken)).TryGet(out var facts, out refusals))
        {
            return refusals;
        }

        var contract = room.State.Active!.Digest; // Find has seen it.
        var upload = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(UploadIdBytes));
        var owner = room.Member.Collaborator;
        using var key = DataKey.Generate();
        var subject = UploadKeys.UploadSubject(room.Collaboration, dataset, owner, upload, contract);
        if (!(await UploadKeys.SealAsync(room, subject, key, cancellationToken)).TryGet(out var sealedKey, out refusals))
        {
            return refusals;
        }

        return await KeepAsync(
            new UploadState
            {
                Collaboration = room.Collaboration,
                Dataset = dataset,
                Owner = owner,
                Upload = upload,
                ContractDigest = contract,
                Source = facts,
                Key = sealedKey,
                Acknowledged = [],
                Manifest = null,
                SelfGrant = null,
                Grant = null,
            },
            cancellationToken);
    }

    /// <summary>Seals and sends every part that is not acknowledged; also after the client or the connection was killed.</summary>
    /// <param name="state">As <see cref="BeginAsync"/> made it, or as it was kept.</param>
    /// <param name="source">The same source: size, time and every part's digest are compared, also of parts that were sent.</param>
    /// <param name="progress">Told after every part; null for nobody.</param>
    /// <param name="cancellationToken">Stops between parts; what was acknowledged stays so.</param>
    /// <returns>The state with all parts acknowledged, or why not; the kept state knows how far it came.</returns>
    public async Task<Result<UploadState>> SendAsync(
        UploadState state, DatasetSource source, IProgress<UploadProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(source);
        if (WhyForeign(state) is { } foreign)
        {
            return foreign;
        }

        if (state.Source.WhyChanged(source) is { } changed)
        {
            return changed;
        }

        if (!(await UploadKeys.OpenAsync(room, state, cancellationToken)).TryGet(out var key, out var refusals))
        {
            return refusals;
        }

        using (key)
        {
            return await source.ReadAsync(stream => SendAsync(state, key, stream, progress, cancellationToken), cancellationToken);
        }
    }

    internal async Task<Result<UploadState>> KeepAsync(UploadState state, CancellationToken cancellationToken) =>
        await store.SaveAsync(state, cancellationToken) is { } notKept ? notKept : state;

    internal Refusal? WhyForeign(UploadState state) => state.Collaboration == room.Collaboration && state.Owner == room.Member.Collaborator
        ? null
        : new(RefusalCode.UploadUnknown, $"an upload of {room.Member.Collaborator} to {room.Collaboration}", $"one of {state.Owner} to {state.Collaboration}");

    private async Task<Result<UploadState>> SendAsync(
        UploadState state, DataKey key, Stream stream, IProgress<UploadProgress>? progress, CancellationToken cancellationToken)
    {
        var sender = new PartSender(room, state.Dataset, state.Upload);
        var (index, offset) = (0, 0L);
        await foreach (var plaintext in SourceFacts.PartsOfAsync(stream, cancellationToken))
        {
            if (state.Source.WhyChanged(index, plaintext.Span) is { } changed)
            {
                return changed;
            }

            if (state.SealedDigest(index) is null)
            {
                // Sealed afresh at every attempt: own salt and nonces, so that no nonce ever meets two plaintexts.
                var position = new PartPosition
                {
                    Collaboration = state.Collaboration, Dataset = state.Dataset, Index = index, Offset = offset, Upload = state.Upload,
                };
                var sealedPart = await SealedStream.SealAsync(
                    room.Services.Backend, key.Secret, position.AssociatedData(), plaintext, cancellationToken);
                if (!(await sender.SendAsync(sealedPart, cancellationToken)).TryGet(out var digest, out var refusals)
                    || !(await KeepAsync(state with { Acknowledged = state.Acknowledged.Add(new(index, digest)) }, cancellationToken))
                        .TryGet(out state!, out refusals))
                {
                    return refusals;
                }
            }

            (index, offset) = (index + 1, offset + plaintext.Length);
            progress?.Report(new UploadProgress(index, state.Source.Parts.Length, offset, state.Source.Length));
        }

        return offset == state.Source.Length
            ? state
            : new Refusal(RefusalCode.SourceChanged, $"a source of {state.Source.Length} bytes", $"{offset} bytes");
    }

    private Result<Dataset> Find(string dataset)
    {
        if (room.State.WhyNotActive(room.Services.Now) is { } inactive)
        {
            return inactive;
        }

        return room.State.Active!.FindDataset(dataset) is { } described && described.Owner == room.Member.Collaborator
            ? described
            : new Refusal(RefusalCode.DatasetUnknown, $"a dataset of the contract that {room.Member.Collaborator} owns", dataset);
    }
}
