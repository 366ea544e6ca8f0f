using System.Collections.Immutable;
using CleanRoom.Client.Datasets;
using CleanRoom.Client.Rooms;
using CleanRoom.Datasets.Check;
using CleanRoom.Protocol;

namespace CleanRoom.Portal.Features.Uploads;

/// <summary>The steps of an upload: check here, seal and send, publish, wait for the guest. A repeat goes on where the last one stopped.</summary>
/// <param name="room">Whose member owns the dataset.</param>
/// <param name="store">Keeps how far it has come.</param>
/// <param name="options">How the check works.</param>
internal sealed class Upload(RoomClient room, BrowserUploadStore store, CheckOptions options)
{
    private const int MostProblems = 20;

    /// <summary>Does all steps.</summary>
    /// <param name="dataset">The dataset's SQL name.</param>
    /// <param name="source">The file.</param>
    /// <param name="progress">Told what is done: the step's name, and how far it is in percent.</param>
    /// <param name="cancellationToken">Stops between parts.</param>
    /// <returns>The guest's report, accepted or not; or why it did not come so far.</returns>
    public async Task<Result<IngestReport>> RunAsync(
        string dataset, DatasetSource source, Action<string, int> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        if (!(await SendAsync(dataset, source, progress, cancellationToken)).TryGet(out var sent, out var refusals))
        {
            return refusals;
        }

        progress("publish", 0);
        if (!(await new RoomDatasets(room, store).PublishAsync(sent, cancellationToken)).TryGet(out var published, out refusals)
            || !RoomDatasets.ManifestOf(published).TryGet(out var manifest, out refusals))
        {
            return refusals;
        }

        var ingest = new Telling<IngestView>(view => progress("ingest", view.Percent));
        return (await new RoomIngests(room).WaitAsync(manifest, ingest, cancellationToken)).Then(view => Result.Accept(view.Report!)); // WaitAsync waits for it.
    }

    private async Task<Result<UploadState>> SendAsync(string dataset, DatasetSource source, Action<string, int> progress, CancellationToken cancellationToken)
    {
        var uploads = new RoomUploads(room, store);
        if (!(await store.LoadAsync(room.Collaboration, cancellationToken)).TryGet(out var kept, out var refusals))
        {
            return refusals;
        }

        var state = kept.FirstOrDefault(one => one.Dataset == dataset && !RoomDatasets.IsPublished(room.State, one) && one.Source.WhyChanged(source) is null);
        if (state is null)
        {
            progress("check", 0);
            var checking = new Telling<IngestProgress>(one => progress("check", Percent(one.BytesRead, source.Length)));
            if (!(await uploads.CheckAsync(dataset, source, options, checking, cancellationToken)).TryGet(out var report, out refusals))
            {
                return refusals;
            }

            if (!report.Accepted)
            {
                return ImmutableArray.CreateRange(ReportWords.Refusals(dataset, report).Take(MostProblems));
            }

            if (!(await uploads.BeginAsync(dataset, source, cancellationToken)).TryGet(out state, out refusals))
            {
                return refusals;
            }
        }

        progress("send", 0);
        return await uploads.SendAsync(state, source, new Telling<UploadProgress>(one => progress("send", Percent(one.BytesDone, one.Bytes))), cancellationToken);
    }

    private static int Percent(long done, long whole) => whole == 0 ? 100 : (int)(100 * done / whole);

    /// <summary>Tells at once, in order: the library's own posts to whatever thread there is.</summary>
    private sealed class Telling<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }
}
