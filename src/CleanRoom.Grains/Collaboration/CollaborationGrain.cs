using System.Collections.Immutable;
using CleanRoom.Engine.Hosting;
using CleanRoom.Grains.Budgets;
using CleanRoom.Grains.Datasets;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Messages;
using CleanRoom.Grains.Partitions;
using CleanRoom.Grains.Queries;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Budgets;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace CleanRoom.Grains.Collaboration;

/// <summary>The shell around <see cref="CollaborationRoom"/>: one activation, one call at a time, then whoever has new work is told.</summary>
/// <remarks>
/// A second activation elsewhere is harmless: it loses on the expected sequence and reads the log again. On the silo of its first caller: a room begins
/// where its secret was made.
/// </remarks>
[PreferLocalPlacement]
internal sealed partial class CollaborationGrain(RoomServices services, KeptColumns kept, ILogger<CollaborationGrain> logger)
    : Grain, ICollaborationGrain, ICollaborationInternalGrain
{
    private const int Tries = 3;

    private static readonly TimeSpan _dispatchPeriod = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _recallPeriod = TimeSpan.FromSeconds(5);

    private CollaborationRoom? _room;
    private (long Size, bool IsWritable) _dispatched;
    private long _told;
    private ColumnRecall? _recall;
    private readonly HashSet<string> _forgotten = new(StringComparer.Ordinal);

    private ColumnRecall Recall => _recall ??= new(this.GetPrimaryKeyString(), kept, services.Peers);

    [LoggerMessage(3301, LogLevel.Error, "The ledger's store failed: {Failure}")]
    private partial void LogStoreFailed(Exception exception, StorageFailure failure);

    [LoggerMessage(3302, LogLevel.Error, "No engine process could be started")]
    private partial void LogEngineFailed(Exception exception);

    /// <summary>Returns what a question is refused with that no process can read at present: the machine's fault, and no verdict.</summary>
    internal static Refusal NoEngine() => new(RefusalCode.Unavailable, "an engine process that starts", "none at present");

    public async Task<GrainReply<Appended>> AppendAsync(byte[] envelope) => (await WithRoomAsync(async room =>
        EnvelopeCodec.Parse(envelope).TryGet(out var parsed, out var invalid)
            ? await room.AppendAsync(parsed, CancellationToken.None)
            : invalid)).ToReply();

    public async Task<GrainReply<Submitted>> SubmitAsync(byte[] envelope) => (await WithRoomAsync(async room =>
        EnvelopeCodec.Parse(envelope).TryGet(out var parsed, out var invalid)
            ? await room.SubmitAsync(parsed, CancellationToken.None)
            : invalid)).ToReply();

    public async Task<GrainReply<Explained>> ExplainAsync(ExplainRequest request) =>
        (await WithRoomAsync(room => room.ExplainAsync(request, CancellationToken.None))).ToReply();

    public async Task<GrainReply<LedgerPage>> ReadAsync(long from, int count) =>
        (await WithRoomAsync<LedgerPage>(async room => room.WhyNotRead(from, count) is { } withheld
            ? withheld
            : await room.ReadAsync(from, count, CancellationToken.None))).ToReply();

    public async Task<GrainReply<RoomStatus>> StatusAsync() =>
        (await WithRoomAsync(room => Task.FromResult(Result.Accept(room.Status())))).ToReply();

    public async Task<GrainReply<RoomStatus>> WitnessAsync(byte[] witness, byte[] signature) => (await WithRoomAsync(async room =>
        DocumentCodec.Parse<FreshnessWitness>(witness).TryGet(out var parsed, out var invalid)
            ? await room.WitnessAsync(parsed, signature, CancellationToken.None)
            : invalid)).ToReply();

    public async Task<GrainReply<RoomSubject>> SubjectAsync() => (await WithRoomAsync(room =>
        Task.FromResult(Result.Accept(room.Subject)))).ToReply();

    public async Task<GrainReply<ImmutableArray<byte[]>>> EndorsementsAsync() => (await WithRoomAsync(room =>
        Task.FromResult(Result.Accept<ImmutableArray<byte[]>>(
            [.. room.State.StandingEndorsements(room.Now).Select(endorsement => endorsement.Encoded.ToArray())])))).ToReply();

    public async Task<GrainReply<SignedIn>> SignInAsync(byte[] envelope, byte[] challenge, string bindingDigest) => (await WithRoomAsync(room =>
        Task.FromResult(EnvelopeCodec.Parse(envelope).Then(parsed => room.SignIn(parsed, new Bytes(challenge), Digest.Parse(bindingDigest)))))).ToReply();

    public async Task<GrainReply<Appended>> CreateAsync(byte[] genesis, ImmutableArray<byte[]> envelopes)
    {
        var parsed = envelopes.Prepend(genesis).Select(bytes => EnvelopeCodec.Parse(bytes)).ToList();
        if (parsed.Find(result => !result.IsAccepted) is { } invalid)
        {
            return GrainReplies.Refuse<Appended>(invalid.Refusals);
        }

        try
        {
            var created = await CollaborationRoom.CreateAsync(
                this.GetPrimaryKeyString(), parsed[0].Value, [.. parsed.Skip(1).Select(result => result.Value)], services, CancellationToken.None);
            return created.Then(room =>
            {
                _room = room;
                return Result.Accept(new Appended(0, room.Status().Checkpoint));
            }).ToReply();
        }
        catch (StorageException exception)
        {
            return Failed<Appended>(exception).ToReply();
        }
    }

    public async Task<GrainReply<Appended>> AppendAsNodeAsync(byte[] document) => (await WithRoomAsync(async room =>
        DocumentCodec.Parse(document).TryGet(out var parsed, out var invalid)
            ? await room.AppendAsNodeAsync(parsed, CancellationToken.None)
            : invalid)).ToReply();

    public async Task<GrainReply<Appended>> CommitAsync(byte[] result) => (await WithRoomAsync(async room =>
        DocumentCodec.Parse<RunResult>(result).TryGet(out var parsed, out var invalid)
            ? await room.CommitAsync(parsed, CancellationToken.None)
            : invalid)).ToReply();

    public async Task<GrainReply<RunAssignment>> BeginRunAsync(string queryDigest, bool mayRunAgain) =>
        (await WithRoomAsync(room => room.BeginRunAsync(Digest.Parse(queryDigest), mayRunAgain, CancellationToken.None))).ToReply();

    public async Task<GrainReply<QuestionView>> QuestionAsync(string queryDigest) =>
        (await WithRoomAsync(room => Task.FromResult(room.State.FindQuery(Digest.Parse(queryDigest)).Then(query => Result.Accept(new QuestionView(
            DocumentCodec.Encode(room.State.Contracts[query.Query.ContractDigest].Contract), DocumentCodec.Encode(query.Query))))))).ToReply();

    public async Task<GrainReply<byte[]>> IngestOfAsync(string manifestDigest) =>
        (await WithRoomAsync(room => Task.FromResult(Result.Accept(room.IngestOf(Digest.Parse(manifestDigest)))))).ToReply();

    public async Task<GrainReply<IngestAssignment>> BeginIngestAsync(string manifestDigest) =>
        (await WithRoomAsync(room => Task.FromResult(room.BeginIngest(Digest.Parse(manifestDigest))))).ToReply();

    public async Task<GrainReply<RoomStorage>> MayUploadAsync(string collaborator, string dataset) =>
        (await WithRoomAsync(room => Task.FromResult(room.MayUpload(collaborator, dataset)))).ToReply();

    public async Task<GrainReply<string>> MayReadReportAsync(string collaborator, string manifestDigest) =>
        (await WithRoomAsync(room => Task.FromResult(room.MayReadReport(collaborator, Digest.Parse(manifestDigest))))).ToReply();

    public async Task<GrainReply<LedgerPage>> ReadBudgetLogAsync(string collaborator, string member, string domain, long from, int count) =>
        (await WithRoomAsync<LedgerPage>(async room =>
        {
            if (!BudgetReaders.LogOf(room.State, collaborator, member, domain, room.Now).TryGet(out var ownerKey, out var refusals))
            {
                return refusals;
            }

            var log = GrainFactory.GetGrain<IBudgetLogGrain>(BudgetLogId.NameOf(ownerKey, domain));
            return (await log.ReadAsync(new BudgetSubject(ownerKey.ToArray(), domain), from, count)).ToResult();
        })).ToReply();

    public async Task<GrainReply<QueryView>> QueryAsync(string queryDigest) =>
        (await WithRoomAsync(room => Task.FromResult(room.ViewOf(Digest.Parse(queryDigest))))).ToReply();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        this.RegisterGrainTimer(TellAgainAsync, _dispatchPeriod, _dispatchPeriod);

        // Beside the room's calls: a silo that is silent takes two seconds.
        this.RegisterGrainTimer(Recall.TellAgainAsync, new GrainTimerCreationOptions(_recallPeriod, _recallPeriod) { Interleave = true });
    }

    /// <summary>Opens the log on first use and after a failure; a log that does not open refuses every call and harms no other room.</summary>
    private async Task<Result<T>> WithRoomAsync<T>(Func<CollaborationRoom, Task<Result<T>>> call)
        where T : notnull
    {
        try
        {
            if (_room is null)
            {
                var opened = await CollaborationRoom.OpenAsync(this.GetPrimaryKeyString(), services, CancellationToken.None);
                if (!opened.TryGet(out _room, out var refusals))
                {
                    // Ids cost the asker nothing: an activation for each that is made up would cost memory.
                    DeactivateOnIdle();
                    return refusals;
                }
            }

            if (await _room.CatchUpAsync(CancellationToken.None) is { } behind)
            {
                _room = null;
                return behind;
            }

            var result = await call(_room);
            for (var again = 1; again < Tries && !result.IsAccepted && result.Refusals[0].Code == RefusalCode.SequenceConflict; again++)
            {
                // Another writer was first, such as a holder that admitted a node: the log was read again, and what is asked is judged anew.
                result = await call(_room);
            }

            await TellPeersAsync(_room);
            await DispatchAsync(_room);
            return result;
        }
        catch (StorageException exception)
        {
            // Whether a row was stored is not known: the next call reads the log again before it goes on.
            _room = null;
            return Failed<T>(exception);
        }
        catch (EngineUnavailableException exception)
        {
            LogEngineFailed(exception);
            return NoEngine();
        }
    }

    /// <summary>Before a row is acknowledged every peer knows of it, so that whichever opens the room next notices a store that goes back.</summary>
    private async Task TellPeersAsync(CollaborationRoom room)
    {
        var log = room.State.Log;
        if (log.Size > _told)
        {
            await services.Peers.TellAsync(this.GetPrimaryKeyString(), new LogMark(log.Size, log.Root), CancellationToken.None);
            _told = log.Size;
        }
    }

    private Result<T> Failed<T>(StorageException exception)
        where T : notnull
    {
        LogStoreFailed(exception, exception.Failure);
        return new Refusal(RefusalCode.StorageFailed, "a store that takes and gives rows", exception.Failure.ToString().ToLowerInvariant());
    }

    /// <summary>Tells the grains that have work, once for each state of the log. They are idempotent.</summary>
    private async Task DispatchAsync(CollaborationRoom room)
    {
        var state = (room.State.Log.Size, room.IsWritable);
        if (state == _dispatched)
        {
            return;
        }

        _dispatched = state;
        var collaboration = this.GetPrimaryKeyString();
        foreach (var query in RunPlanning.StoppedRuns(room.State, room.Now))
        {
            await GrainFactory.GetGrain<IQueryInternalGrain>(GrainKeys.Of(collaboration, query)).StopAsync();
        }

        await Recall.FollowAsync(room.State, room.Now); // Before what took something back is acknowledged.
        await ForgetAsync(collaboration, room);
        if (!room.IsWritable)
        {
            return;
        }

        await room.ShareAsync(CancellationToken.None);
        foreach (var manifest in RunPlanning.OpenIngests(room.State))
        {
            await GrainFactory.GetGrain<IDatasetInternalGrain>(GrainKeys.Of(collaboration, manifest)).StartAsync();
        }

        foreach (var query in RunPlanning.OpenRuns(room.State, room.Now))
        {
            await GrainFactory.GetGrain<IQueryInternalGrain>(GrainKeys.Of(collaboration, query)).StartAsync();
        }
    }

    /// <summary>Has removed from the store what the ledger says nobody may read any more, once for each activation.</summary>
    private async Task ForgetAsync(string collaboration, CollaborationRoom room)
    {
        foreach (var dataset in RunPlanning.ForgottenDatasets(room.State).Where(dataset => _forgotten.Add(dataset.Digest.ToString())))
        {
            await GrainFactory.GetGrain<IDatasetInternalGrain>(GrainKeys.Of(collaboration, dataset.Digest)).ForgetAsync(
                DocumentCodec.Encode(dataset.Manifest),
                dataset.Ingest is { } ingest ? DocumentCodec.Encode(ingest) : [],
                room.State.Histories.GetValueOrDefault(dataset.Digest)?.Blob.Name ?? string.Empty);
        }

        foreach (var (query, name) in await room.ResultsPastRetentionAsync(_forgotten.Contains, CancellationToken.None))
        {
            _forgotten.Add(name);
            await GrainFactory.GetGrain<IQueryInternalGrain>(GrainKeys.Of(collaboration, query)).ForgetAsync(name);
        }
    }

    /// <summary>Makes up for calls that were lost, and for what only the clock changes: a query's first moment, an expiry.</summary>
    private async Task TellAgainAsync()
    {
        if (_room is { } room)
        {
            _dispatched = default;
            await room.AskAgainAsync(CancellationToken.None);
            await DispatchAsync(room);
        }
    }
}
