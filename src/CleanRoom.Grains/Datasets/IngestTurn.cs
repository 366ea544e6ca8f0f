using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Telemetry;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;
using CleanRoom.Storage.Objects;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Grains.Datasets;

/// <summary>One try to take a dataset version in and to say so in the ledger. The logic of <see cref="DatasetGrain"/> without a silo.</summary>
internal sealed partial class IngestTurn(DatasetIngestion ingestion, ICollaborationInternalGrain room, ILogger logger)
{
    /// <summary>Gets why the newest try did not end; null while nothing stands in the way.</summary>
    public Refusal? Obstacle { get; private set; }

    /// <summary>Gets how far the newest try is.</summary>
    /// <value>0 to 100.</value>
    public int Percent { get; private set; }

    /// <summary>Takes a version in, unless the ledger says that there is nothing to do.</summary>
    public Task<WorkOutcome> RunAsync(Digest manifest, CancellationToken cancellationToken) =>
        RoomMetrics.CountIngestAsync(() => TryAsync(manifest, cancellationToken));

    private async Task<WorkOutcome> TryAsync(Digest manifest, CancellationToken cancellationToken)
    {
        try
        {
            if (!(await room.BeginIngestAsync(manifest.ToString())).ToResult().TryGet(out var assignment, out var refusals))
            {
                // Taken in already, withdrawn or suspended: whoever changes that starts this again.
                LogNotStarted(manifest.Abbreviated, refusals[0].Slug);
                return WorkOutcome.Done;
            }

            LogStarted(manifest.Abbreviated);
            await ingestion.FetchKeysAsync(assignment, cancellationToken);

            // Off the grain's scheduler: parsing millions of rows would keep every other call waiting.
            var ingested = await Task.Run(
                () => ingestion.RunAsync(assignment, new Progress(percent => Percent = percent), cancellationToken), cancellationToken);
            if (!ingested.TryGet(out var statement, out refusals))
            {
                Obstacle = refusals[0];
                LogObstacle(manifest.Abbreviated, Obstacle.Slug);
                return WorkOutcome.TryAgain;
            }

            var appended = (await room.AppendAsNodeAsync(DocumentCodec.Encode(statement))).ToResult();
            if (!appended.IsAccepted)
            {
                LogNotAppended(manifest.Abbreviated, appended.Refusals[0].Slug);
                if (appended.Refusals[0].Code == RefusalCode.StorageFailed)
                {
                    // Whether the row was stored is not known: it may name the derived object, which stays.
                    return WorkOutcome.TryAgain;
                }

                await ingestion.DiscardAsync(statement, CancellationToken.None);
                return appended.Refusals[0].Code is RefusalCode.SequenceConflict or RefusalCode.ClockWrong ? WorkOutcome.TryAgain : WorkOutcome.Done;
            }

            Obstacle = null;
            LogTakenIn(manifest.Abbreviated, statement.Accepted);
            return WorkOutcome.Done;
        }
        catch (Exception exception) when (exception is StorageException or IOException)
        {
            Obstacle = new Refusal(RefusalCode.StorageFailed, "a store that works", "one that does not at present");
            LogMachineFailed(exception, manifest.Abbreviated);
            return WorkOutcome.TryAgain;
        }
    }

    private sealed class Progress(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }

    /// <summary>Deletes what the store holds of a version that nobody may read any more.</summary>
    public async Task ForgetAsync(DatasetManifest manifest, IngestStatement? ingest, ObjectName? history, CancellationToken cancellationToken)
    {
        try
        {
            await ingestion.ForgetAsync(manifest, ingest, history, cancellationToken);
        }
        catch (StorageException exception)
        {
            LogNotForgotten(exception, Digest.Of(DocumentCodec.Encode(manifest)).Abbreviated);
        }
    }
}
