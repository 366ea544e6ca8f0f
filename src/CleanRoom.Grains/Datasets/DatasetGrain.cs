using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage.Objects;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Grains.Datasets;

/// <summary>The shell around <see cref="IngestTurn"/>: one ingest at a time, tried again while the machine is at fault.</summary>
internal sealed class DatasetGrain : WorkingGrain, IDatasetGrain, IDatasetInternalGrain
{
    private readonly DatasetIngestion _ingestion;
    private readonly ICollaborationInternalGrain _room;
    private readonly IngestTurn _turn;
    private readonly Digest _manifest;

    public DatasetGrain(IngestServices services, ILogger<DatasetGrain> logger)
        : base(logger)
    {
        (var collaboration, _manifest) = GrainKeys.Split(this.GetPrimaryKeyString());
        _room = GrainFactory.GetGrain<ICollaborationInternalGrain>(collaboration);
        _ingestion = new DatasetIngestion(services);
        _turn = new IngestTurn(_ingestion, _room, logger);
    }

    public Task StartAsync()
    {
        StartWork();
        return Task.CompletedTask;
    }

    public async Task<IngestView> ViewAsync()
    {
        var known = await _room.IngestOfAsync(_manifest.ToString());
        if (known.Value is { Length: > 0 } encoded)
        {
            var statement = DocumentCodec.Parse<IngestStatement>(encoded).Value;
            return View(statement.Accepted ? "accepted" : "refused", 100, await _ingestion.ReadReportAsync(statement.ReportCommitment, CancellationToken.None));
        }

        return IsWorking ? View("running", _turn.Percent, report: null) : View("waiting", 0, report: null);
    }

    public async Task ForgetAsync(byte[] manifest, byte[] ingest, string history)
    {
        await StopWorkAsync();
        await _turn.ForgetAsync(
            DocumentCodec.Parse<DatasetManifest>(manifest).Value,
            ingest.Length == 0 ? null : DocumentCodec.Parse<IngestStatement>(ingest).Value,
            history.Length == 0 ? null : ObjectName.Parse(history),
            CancellationToken.None);
    }

    protected override Task<WorkOutcome> WorkAsync(CancellationToken cancellationToken) => _turn.RunAsync(_manifest, cancellationToken);

    private IngestView View(string state, int percent, byte[]? report) => new()
    {
        State = state,
        Percent = percent,
        Report = report,
        Obstacle = report is null && _turn.Obstacle is { } refusal ? new GrainRefusal(refusal.Code, refusal.Wanted, refusal.Got) : null,
    };
}
