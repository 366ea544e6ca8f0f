using CleanRoom.Engine.Hosting;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Messages;
using CleanRoom.Grains.Partitions;
using CleanRoom.Grains.Twins;
using CleanRoom.Policy;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage.Objects;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Grains.Queries;

/// <summary>The shell around <see cref="QueryRun"/>: one run at a time, tried again while the machine is at fault.</summary>
internal sealed class QueryGrain : WorkingGrain, IQueryGrain, IQueryInternalGrain
{
    private static readonly TimeSpan _longestWatch = TimeSpan.FromSeconds(10);

    private readonly QueryRun _run;
    private readonly Digest _query;
    private readonly ICollaborationInternalGrain _room;
    private readonly QueryAnalyzer _analyzer;
    private readonly TwinRun _twins;
    private readonly RunTurns _turns;
    private bool _mayRunAgain;
    private TwinReply? _twin;

    public QueryGrain(RunServices services, TwinRun twins, RunTurns turns, ISiloStatusOracle silos, ILogger<QueryGrain> logger)
        : base(logger)
    {
        (_analyzer, _twins, _turns) = (services.Analyzer, twins, turns);
        var key = this.GetPrimaryKeyString();
        (var collaboration, _query) = GrainKeys.Split(key);
        _room = GrainFactory.GetGrain<ICollaborationInternalGrain>(collaboration);
        _run = new QueryRun(
            services,
            _room,
            partition => GrainFactory.GetGrain<IPartitionGrain>(GrainKeys.OfPartition(collaboration, partition)),
            () => silos.GetApproximateSiloStatuses(onlyActive: true).Count,
            logger);
    }

    public Task<RunProgress> ProgressAsync() => Task.FromResult(_run.Progress);

    public Task<RunProgress> WatchAsync(RunProgress seen) => _run.WatchAsync(seen, _longestWatch);

    public Task StartAsync()
    {
        StartWork();
        return Task.CompletedTask;
    }

    public Task RunAgainAsync()
    {
        // One request is one run: while a run is under way there is nothing to repeat yet.
        if (!IsWorking)
        {
            _mayRunAgain = true;
            StartWork();
        }

        return Task.CompletedTask;
    }

    public async Task<GrainReply<TwinReply>> TwinAsync()
    {
        // The same verdict, the same answer: made once for each activation, in a turn of its own like a run.
        if (_twin is not null)
        {
            return new GrainReply<TwinReply> { Value = _twin };
        }

        if (await _turns.TakeAsync(GrainKeys.Split(this.GetPrimaryKeyString()).Collaboration, CancellationToken.None) is { } busy)
        {
            return GrainReplies.Refuse<TwinReply>([busy]);
        }

        try
        {
            var made = await TwinOfAsync();
            _twin = made.IsAccepted ? made.Value : null;
            return made.ToReply();
        }
        catch (EngineUnavailableException)
        {
            return GrainReplies.Refuse<TwinReply>([CollaborationGrain.NoEngine()]);
        }
        finally
        {
            _turns.Give();
        }
    }

    public Task StopAsync() => StopWorkAsync();

    public Task ForgetAsync(string resultName) => _run.ForgetAsync(ObjectName.Parse(resultName));

    private async Task<Result<TwinReply>> TwinOfAsync()
    {
        if (!(await _room.QuestionAsync(_query.ToString())).ToResult().TryGet(out var question, out var unknown))
        {
            return unknown;
        }

        var (contract, query) = (DocumentCodec.Parse<Contract>(question.Contract).Value, DocumentCodec.Parse<Query>(question.Query).Value);
        var analysis = await _analyzer.AnalyzeAsync(contract, query.ContractDigest, RunPlanning.RequestOf(query), CancellationToken.None);
        if (analysis.Plan is not { } plan)
        {
            return new Refusal(RefusalCode.QueryRefused, "a query that every owner's rules allow", string.Join(", ", analysis.Verdict.Codes));
        }

        return (await _twins.AnswerAsync(contract, DocumentCodec.DigestOf(analysis.Verdict), plan, CancellationToken.None))
            .Then(twin => Result.Accept(new TwinReply(twin.ToArrow(), twin.People)));
    }

    protected override Task<WorkOutcome> WorkAsync(CancellationToken cancellationToken)
    {
        var mayRunAgain = _mayRunAgain;
        _mayRunAgain = false;
        return _run.RunAsync(_query, mayRunAgain, cancellationToken);
    }
}
