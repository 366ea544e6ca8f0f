using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Datasets.Check;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;

namespace CleanRoom.Client.Datasets;

/// <summary>An owner watches its dataset on the way in and reads the report that only it can open. Spec: contracts/spec/0007 s.7.</summary>
public sealed class RoomIngests(RoomClient room)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Says how far a version is.</summary>
    public async Task<Result<IngestView>> ViewAsync(Digest manifest, CancellationToken cancellationToken)
    {
        var asked = await room.CallAsync(
            ApiRequest.Get(ApiPaths.OfManifest(room.Collaboration, manifest)), ApiJsonContext.Default.IngestResponse, cancellationToken);
        if (!asked.TryGet(out var ingest, out var refusals) || !(await room.RefreshAsync(cancellationToken)).TryGet(out _, out refusals))
        {
            return refusals;
        }

        if (!room.State.Datasets.TryGetValue(manifest, out var dataset))
        {
            return new Refusal(RefusalCode.DatasetUnknown, "a dataset version of this ledger", manifest.Abbreviated);
        }

        if (dataset.Ingest is not { } statement || ingest.Report is not { } sealedReport)
        {
            return new IngestView(ingest.State, ingest.Percent, dataset.Ingest, Report: null, Problems.OfReason(ingest.Obstacle));
        }

        var opened = await ReportSealing.OpenAsync(
            room.Services.Backend,
            room.Member.Keys.Receive,
            new ReportContext(room.Collaboration, dataset.Manifest.Dataset, manifest),
            statement.ReportCommitment,
            sealedReport.Blob.Memory,
            sealedReport.Wraps,
            room.Member.Collaborator,
            room.Member.Member,
            cancellationToken);
        return opened.Then(report => IngestReportCodec.Parse(report.Payload.Span))
            .Then(report => Result.Accept(new IngestView(ingest.State, ingest.Percent, statement, report, Obstacle: null)));
    }

    /// <summary>Waits until a version is taken in or refused by the ledger, and its report is there.</summary>
    /// <param name="manifest">The version.</param>
    /// <param name="progress">Told at every look; null for nobody.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<Result<IngestView>> WaitAsync(Digest manifest, IProgress<IngestView>? progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            var view = await ViewAsync(manifest, cancellationToken);
            if (view is not { IsAccepted: true, Value: { Report: null } waiting })
            {
                return view;
            }

            progress?.Report(waiting);
            await Task.Delay(_interval, room.Services.Time, cancellationToken);
        }
    }
}
