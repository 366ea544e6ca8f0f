using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Grains.Datasets;

/// <summary>The shell around <see cref="DatasetIngestion"/>: one ingest at a time, tried again while the machine is at fault.</summary>
internal sealed partial class DatasetGrain(IngestServices services, ILogger<DatasetGrain> logger) : WorkingGrain(logger), IDatasetGrain, IDatasetInternalGrain
{
    private readonly DatasetIngestion _ingestion = new(services);
    private Refusal? _obstacle;
    private int _percent;

    public Task StartAsync()
    {
        StartWork();
        return Task.CompletedTask;
    }

    public async Task<IngestView> ViewAsync()
    {
        var (collaboration, manifest) = GrainKeys.Split(this.GetPrimaryKeyString());
        var known = await GrainFactory.GetGrain<ICollaborationInternalGrain>(collaboration).IngestOfAsync(manifest.ToString());
        if (known.Value is { Length: > 0 } encoded)
        {
            var statement = DocumentCodec.Parse<IngestStatement>(encoded).Value;
            return View(statement.Accepted ? "accepted" : "refused", 100, await _ingestion.ReadReportAsync(statement.ReportCommitment, CancellationToken.None));
        }

        return IsWorking ? View("running", _percent, report: null) : View("waiting", 0, report: null);
    }

    protected override async Task<WorkOutcome> WorkAsync(CancellationToken cancellationToken)
    {
        var (collaboration, manifest) = GrainKeys.Split(this.GetPrimaryKeyString());
        var room = GrainFactory.GetGrain<ICollaborationInternalGrain>(collaboration);
        try
        {
            if (!(await room.BeginIngestAsync(manifest.ToString())).ToResult().TryGet(out var assignment, out var refusals))
            {
                // Taken in already, withdrawn or suspended: whoever changes that starts this again.
                LogNotStarted(manifest.Abbreviated, refusals[0].Slug);
                return WorkOutcome.Done;
            }

            LogStarted(manifest.Abbreviated);

            // Off the grain's scheduler: parsing millions of rows would keep every other call waiting.
            var ingested = await Task.Run(
                () => _ingestion.RunAsync(assignment, new Progress(percent => _percent = percent), cancellationToken), cancellationToken);
            if (!ingested.TryGet(out var statement, out refusals))
            {
                _obstacle = refusals[0];
                LogObstacle(manifest.Abbreviated, _obstacle.Slug);
                return WorkOutcome.TryAgain;
            }

            var appended = (await room.AppendAsNodeAsync(DocumentCodec.Encode(statement))).ToResult();
            if (!appended.IsAccepted)
            {
                LogNotAppended(manifest.Abbreviated, appended.Refusals[0].Slug);
                await _ingestion.DiscardAsync(statement, CancellationToken.None);
                return appended.Refusals[0].Code == RefusalCode.SequenceConflict ? WorkOutcome.TryAgain : WorkOutcome.Done;
            }

            _obstacle = null;
            LogTakenIn(manifest.Abbreviated, statement.Accepted);
            return WorkOutcome.Done;
        }
        catch (Exception exception) when (exception is StorageException or IOException)
        {
            _obstacle = new Refusal(RefusalCode.StorageFailed, "a store that works", "one that does not at present");
            LogMachineFailed(exception, manifest.Abbreviated);
            return WorkOutcome.TryAgain;
        }
    }

    private IngestView View(string state, int percent, byte[]? report) => new()
    {
        State = state,
        Percent = percent,
        Report = report,
        Obstacle = report is null && _obstacle is { } refusal ? new GrainRefusal(refusal.Code, refusal.Wanted, refusal.Got) : null,
    };

    private sealed class Progress(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
