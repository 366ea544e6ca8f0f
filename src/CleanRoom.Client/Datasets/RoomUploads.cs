using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Datasets.Check;
using CleanRoom.Protocol;

namespace CleanRoom.Client.Datasets;

/// <summary>An owner sends a dataset to a room, sealed part by part. Spec: contracts/spec/0007, 0010 s.6.</summary>
public sealed class RoomUploads(RoomClient room, IUploadStore store)
{
    /// <summary>Checks a file against the contract in force. Nothing leaves the machine.</summary>
    /// <returns>As <see cref="DatasetSealing.CheckAsync"/>.</returns>
    public async Task<Result<IngestReport>> CheckAsync(
        string dataset, DatasetSource source, CheckOptions options, IProgress<IngestProgress>? progress, CancellationToken cancellationToken) =>
        Owner().TryGet(out var owner, out var refusals)
            ? await DatasetSealing.CheckAsync(owner, dataset, source, options, progress, cancellationToken)
            : refusals;

    /// <summary>Begins an upload under the contract in force. Nothing is sent yet.</summary>
    public async Task<Result<UploadState>> BeginAsync(string dataset, DatasetSource source, CancellationToken cancellationToken)
    {
        if (!Owner().TryGet(out var owner, out var refusals)
            || !(await DatasetSealing.BeginAsync(owner, dataset, source, cancellationToken)).TryGet(out var state, out refusals))
        {
            return refusals;
        }

        return await store.SaveAsync(state, cancellationToken) is { } notKept ? notKept : state;
    }

    /// <summary>Begins an upload under the contract in force, of a source whose bytes are not in this process. Nothing is sent yet.</summary>
    public async Task<Result<UploadState>> BeginAsync(
        string dataset, DatasetSource source, IPartCarrier carrier, IProgress<UploadProgress>? progress, CancellationToken cancellationToken)
    {
        if (!Owner().TryGet(out var owner, out var refusals)
            || !(await SourceFacts.ReadAsync(source, carrier, progress, cancellationToken)).TryGet(out var facts, out refusals)
            || !(await DatasetSealing.BeginAsync(owner, dataset, facts, cancellationToken)).TryGet(out var state, out refusals))
        {
            return refusals;
        }

        return await store.SaveAsync(state, cancellationToken) is { } notKept ? notKept : state;
    }

    /// <summary>Has every part that is not acknowledged sealed and sent by whoever has the bytes, and every other compared; also after the client was killed.</summary>
    /// <param name="state">As it was begun, or as it was kept.</param>
    /// <param name="source">The same source: size, time and every part's digest are compared.</param>
    /// <param name="carrier">Has the source's bytes. It gets the data key, which is let go of here before the first part.</param>
    /// <param name="pause">Holds back the next part while it is paused.</param>
    /// <param name="progress">Told after every part; null for nobody.</param>
    /// <param name="cancellationToken">Stops; what was acknowledged stays so.</param>
    /// <returns>The state with all parts acknowledged, or why not; the kept state knows how far it came.</returns>
    public async Task<Result<UploadState>> CarryAsync(
        UploadState state,
        DatasetSource source,
        IPartCarrier carrier,
        UploadPause pause,
        IProgress<UploadProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(carrier);
        ArgumentNullException.ThrowIfNull(pause);
        if (!Owner().TryGet(out var owner, out var refusals))
        {
            return refusals;
        }

        if ((owner.WhyForeign(state) ?? state.Source.WhyChanged(source)) is { } refusal)
        {
            return refusal;
        }

        if (!(await UploadKeys.OpenAsync(owner, state, cancellationToken)).TryGet(out var key, out refusals))
        {
            return refusals;
        }

        using (key)
        {
            await carrier.TakeKeyAsync(key, cancellationToken);
        }

        var sender = new PartSender(room, state.Dataset, state.Upload);
        var parts = state.Source.Parts.Length;
        var stopped = await InOrder.RunAsync(parts, CarryOneAsync, KeepAsync);
        return stopped.IsEmpty ? state : stopped;

        async Task<Result<CarriedPart>> CarryOneAsync(int index)
        {
            await pause.WaitAsync(cancellationToken);
            var part = state.Source.PartAt(index);
            if (state.SealedDigest(index) is not null)
            {
                return (await carrier.DigestAsync(part, cancellationToken)).Then(_ => Result.Accept(new CarriedPart(null)));
            }

            var aad = new PartPosition
            {
                Collaboration = state.Collaboration, Dataset = state.Dataset, Index = index, Offset = part.Offset, Upload = state.Upload,
            }.AssociatedData();
            return (await sender.CarryAsync(carrier, part, aad, cancellationToken)).Then(digest => Result.Accept(new CarriedPart(digest)));
        }

        async ValueTask<Refusal?> KeepAsync(int index, CarriedPart carried)
        {
            if (carried.Sealed is { } digest)
            {
                state = state with { Acknowledged = state.Acknowledged.Add(new(index, digest)) };
                if (await store.SaveAsync(state, cancellationToken) is { } notKept)
                {
                    return notKept;
                }
            }

            progress?.Report(new UploadProgress(index + 1, parts, state.Source.PartAt(index).End, state.Source.Length));
            return null;
        }
    }

    /// <summary>Seals and sends every part that is not acknowledged; also after the client or the connection was killed.</summary>
    /// <param name="state">As it was begun, or as it was kept.</param>
    /// <param name="source">The same source: size, time and every part's digest are compared.</param>
    /// <param name="progress">Told after every part; null for nobody.</param>
    /// <param name="cancellationToken">Stops between parts.</param>
    /// <returns>The state with all parts acknowledged, or why not; the kept state knows how far it came.</returns>
    public async Task<Result<UploadState>> SendAsync(
        UploadState state, DatasetSource source, IProgress<UploadProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!Owner().TryGet(out var owner, out var refusals))
        {
            return refusals;
        }

        var sender = new PartSender(room, state.Dataset, state.Upload);
        return await DatasetSealing.SealAsync(owner, state, source, (_, part, cancel) => sender.SendAsync(part, cancel), store, progress, cancellationToken);
    }

    /// <summary>Sends parts that were sealed before, such as on a machine without a network.</summary>
    /// <param name="state">The sealed upload; every part has its digest.</param>
    /// <param name="read">Reads a sealed part.</param>
    /// <param name="progress">Told after every part; null for nobody.</param>
    /// <param name="cancellationToken">Stops between parts.</param>
    /// <returns>The state; or <see cref="RefusalCode.PartInvalid"/> for a part that is not the one that was sealed.</returns>
    public async Task<Result<UploadState>> SendSealedAsync(
        UploadState state,
        Func<int, CancellationToken, Task<Result<ReadOnlyMemory<byte>>>> read,
        IProgress<UploadProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(read);
        if (!Owner().TryGet(out var owner, out var refusals))
        {
            return refusals;
        }

        if ((owner.WhyForeign(state) ?? (state.IsSent ? null : Incomplete(state))) is { } refusal)
        {
            return refusal;
        }

        var sender = new PartSender(room, state.Dataset, state.Upload);
        for (var index = 0; index < state.Source.Parts.Length; index++)
        {
            var wanted = state.SealedDigest(index)!.Value; // Counted above; each index once.
            if (!(await read(index, cancellationToken)).TryGet(out var part, out refusals))
            {
                return refusals;
            }

            var got = Digest.Of(part.Span);
            if (got != wanted)
            {
                return new Refusal(RefusalCode.PartInvalid, $"part {index} with sha-256 {wanted}", $"sha-256 {got}");
            }

            if (!(await sender.SendAsync(part, got, cancellationToken)).TryGet(out _, out refusals))
            {
                return refusals;
            }

            var done = Math.Min((index + 1L) * SourceFacts.PartBytes, state.Source.Length);
            progress?.Report(new UploadProgress(index + 1, state.Source.Parts.Length, done, state.Source.Length));
        }

        return await store.SaveAsync(state, cancellationToken) is { } notKept ? notKept : state;
    }

    private static Refusal Incomplete(UploadState state) =>
        new(RefusalCode.UploadIncomplete, $"{state.Source.Parts.Length} sealed parts", $"{state.Acknowledged.Length}");

    private Result<UploadOwner> Owner() => room.State.WhyNotActive(room.Services.Now) is { } inactive
        ? inactive
        : room.OwnerOf(room.State.Active!);

    /// <summary>A part that was compared, and carried unless it was acknowledged before.</summary>
    private readonly record struct CarriedPart(Digest? Sealed);
}
