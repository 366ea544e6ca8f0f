using System.Collections.Immutable;
using CleanRoom.Client.Datasets;
using CleanRoom.Client.Rooms;
using CleanRoom.Datasets.Check;
using CleanRoom.Portal.Browser;
using CleanRoom.Protocol;

namespace CleanRoom.Portal.Features.Uploads;

/// <summary>The steps of an upload: check its beginning here, read it once, seal and send, publish, wait for the guest. A repeat goes on where the last one stopped.</summary>
/// <param name="room">Whose member owns the dataset.</param>
/// <param name="store">Keeps how far it has come.</param>
/// <param name="options">How the check works.</param>
internal sealed class Upload(RoomClient room, BrowserUploadStore store, CheckOptions options)
{
    private const int MostProblems = 20;

    /// <summary>Does all steps.</summary>
    /// <param name="file">What is uploaded.</param>
    /// <param name="run">Told how far it is; pauses and cancels.</param>
    /// <returns>The guest's report, accepted or not; or why it did not come so far.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled, and is forgotten.</exception>
    public async Task<Result<IngestReport>> RunAsync(BrowserFile file, UploadRun run)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(run);
        if (!(await BeginAsync(file, run)).TryGet(out var begun, out var refusals))
        {
            return refusals;
        }

        Result<UploadState> sent;
        try
        {
            run.Begin("send", begun.Source.Length, file.BytesUnderAsync);
            var sending = new Telling<UploadProgress>(one => run.Finish(one.BytesDone));
            sent = await new RoomUploads(room, store).CarryAsync(begun, file.Source, file, run.Pause, sending, run.Cancelled);
            run.Cancelled.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException) when (run.Cancelled.IsCancellationRequested)
        {
            await store.ForgetAsync(begun, CancellationToken.None);
            throw;
        }

        return sent.IsAccepted ? await PublishAsync(sent.Value, run) : sent.Refusals;
    }

    /// <summary>From here on it is signed: a wish to cancel comes too late.</summary>
    private async Task<Result<IngestReport>> PublishAsync(UploadState sent, UploadRun run)
    {
        run.Begin("publish", 100, under: null);
        if (!(await new RoomDatasets(room, store).PublishAsync(sent, CancellationToken.None)).TryGet(out var published, out var refusals)
            || !RoomDatasets.ManifestOf(published).TryGet(out var manifest, out refusals))
        {
            return refusals;
        }

        run.Begin("ingest", 100, under: null);
        var ingest = new Telling<IngestView>(view => run.Finish(view.Percent));
        return (await new RoomIngests(room).WaitAsync(manifest, ingest, CancellationToken.None)).Then(view => Result.Accept(view.Report!)); // WaitAsync waits for it.
    }

    /// <summary>Finds the upload that this file belongs to, or checks the file and begins one.</summary>
    private async Task<Result<UploadState>> BeginAsync(BrowserFile file, UploadRun run)
    {
        var (uploads, source) = (new RoomUploads(room, store), file.Source);
        if (!(await store.LoadAsync(room.Collaboration, run.Cancelled)).TryGet(out var kept, out var refusals))
        {
            return refusals;
        }

        if (kept.FirstOrDefault(one => one.Dataset == run.Dataset && !RoomDatasets.IsPublished(room.State, one) && one.Source.WhyChanged(source) is null) is { } unfinished)
        {
            return unfinished;
        }

        run.Begin("check", Math.Min(source.Length, options.Bytes), () => ValueTask.FromResult(file.ReadTo));
        if (!(await uploads.CheckAsync(run.Dataset, source, options, progress: null, run.Cancelled)).TryGet(out var report, out refusals))
        {
            return refusals;
        }

        if (!report.Accepted)
        {
            return ImmutableArray.CreateRange(ReportWords.Refusals(run.Dataset, report).Take(MostProblems));
        }

        run.Begin("read", source.Length, under: null);
        return await uploads.BeginAsync(run.Dataset, source, file, new Telling<UploadProgress>(one => run.Finish(one.BytesDone)), run.Cancelled);
    }

    /// <summary>Tells at once, in order: the library's own posts to whatever thread there is.</summary>
    private sealed class Telling<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }
}
