using System.Security.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Datasets.Check;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Datasets;

/// <summary>An owner checks and seals a file on its own machine. No network. Spec: contracts/spec/0007, 0010 s.6.</summary>
public static class DatasetSealing
{
    private const int UploadIdBytes = 16;

    /// <summary>Checks a file against the contract. Nothing leaves the machine.</summary>
    /// <returns>The report, also of a file that is refused; or <see cref="RefusalCode.DatasetUnknown"/>, <see cref="RefusalCode.SourceChanged"/>.</returns>
    public static async Task<Result<IngestReport>> CheckAsync(
        UploadOwner owner,
        string dataset,
        DatasetSource source,
        CheckOptions options,
        IProgress<IngestProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(source);
        if (!owner.Find(dataset).TryGet(out var described, out var refusals))
        {
            return refusals;
        }

        return await source.ReadAsync(
            async stream => Result.Accept(await DatasetChecker.RunAsync(stream, described, options, progress, cancellationToken)), cancellationToken);
    }

    /// <summary>Begins an upload: records what the source is, and makes its data key, which is kept sealed to the owner alone.</summary>
    public static async Task<Result<UploadState>> BeginAsync(
        UploadOwner owner, string dataset, DatasetSource source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return owner.Find(dataset).TryGet(out _, out var refusals) && (await SourceFacts.ReadAsync(source, cancellationToken)).TryGet(out var facts, out refusals)
            ? await BeginAsync(owner, dataset, facts, cancellationToken)
            : refusals;
    }

    /// <summary>Begins an upload of a source whose facts are known: makes its data key, which is kept sealed to the owner alone.</summary>
    public static async Task<Result<UploadState>> BeginAsync(
        UploadOwner owner, string dataset, SourceFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(facts);
        if (!owner.Find(dataset).TryGet(out _, out var refusals))
        {
            return refusals;
        }

        var contract = DocumentCodec.DigestOf(owner.Contract);
        var upload = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(UploadIdBytes));
        using var key = DataKey.Generate();
        var subject = UploadKeys.UploadSubject(owner.Collaboration, dataset, owner.Member.Collaborator, upload, contract);
        var kept = await UploadKeys.SealAsync(owner, subject, key, cancellationToken);
        return kept.Then<UploadState>(sealedKey => new UploadState
        {
            Collaboration = owner.Collaboration,
            Dataset = dataset,
            Owner = owner.Member.Collaborator,
            Upload = upload,
            ContractDigest = contract,
            Source = facts,
            Key = sealedKey,
            Acknowledged = [],
            Manifest = null,
            SelfGrant = null,
            Grant = null,
        });
    }

    /// <summary>Seals every part that is not acknowledged and hands it to a sink.</summary>
    /// <param name="owner">Whose upload it is.</param>
    /// <param name="state">As it was begun, or as it was kept.</param>
    /// <param name="source">The same source: size, time and every part's digest are compared, also of parts that are acknowledged.</param>
    /// <param name="sink">Takes sealed parts.</param>
    /// <param name="store">Keeps the state after every part.</param>
    /// <param name="progress">Told after every part; null for nobody.</param>
    /// <param name="cancellationToken">Stops between parts; what was acknowledged stays so.</param>
    /// <returns>The state with all parts acknowledged, or why not; the kept state knows how far it came.</returns>
    public static async Task<Result<UploadState>> SealAsync(
        UploadOwner owner,
        UploadState state,
        DatasetSource source,
        SealedPartSink sink,
        IUploadStore store,
        IProgress<UploadProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(store);
        if ((owner.WhyForeign(state) ?? state.Source.WhyChanged(source)) is { } refusal)
        {
            return refusal;
        }

        if (!(await UploadKeys.OpenAsync(owner, state, cancellationToken)).TryGet(out var key, out var refusals))
        {
            return refusals;
        }

        using (key)
        {
            return await source.ReadAsync(Seal, cancellationToken);
        }

        async Task<Result<UploadState>> Seal(Stream stream)
        {
            var (index, offset) = (0, 0L);
            await foreach (var plaintext in SourceFacts.PartsOfAsync(stream, cancellationToken))
            {
                if (state.Source.WhyChanged(index, plaintext.Span) is { } changed)
                {
                    return changed;
                }

                if (state.SealedDigest(index) is null)
                {
                    var sealedPart = await SealPartAsync(owner, state, key, index, offset, plaintext, cancellationToken);
                    if (!(await sink(index, sealedPart, cancellationToken)).TryGet(out var digest, out var notTaken))
                    {
                        return notTaken;
                    }

                    state = state with { Acknowledged = state.Acknowledged.Add(new(index, digest)) };
                    if (await store.SaveAsync(state, cancellationToken) is { } notKept)
                    {
                        return notKept;
                    }
                }

                (index, offset) = (index + 1, offset + plaintext.Length);
                progress?.Report(new UploadProgress(index, state.Source.Parts.Length, offset, state.Source.Length));
            }

            return offset == state.Source.Length
                ? state
                : new Refusal(RefusalCode.SourceChanged, $"a source of {state.Source.Length} bytes", $"{offset} bytes");
        }
    }

    /// <summary>Sealed afresh at every attempt: own salt and nonces, so that no nonce ever meets two plaintexts.</summary>
    private static ValueTask<byte[]> SealPartAsync(
        UploadOwner owner, UploadState state, DataKey key, int index, long offset, ReadOnlyMemory<byte> plaintext, CancellationToken cancellationToken)
    {
        var position = new PartPosition
        {
            Collaboration = state.Collaboration, Dataset = state.Dataset, Index = index, Offset = offset, Upload = state.Upload,
        };
        return SealedStream.SealAsync(owner.Backend, key.Secret, position.AssociatedData(), plaintext, cancellationToken);
    }
}
