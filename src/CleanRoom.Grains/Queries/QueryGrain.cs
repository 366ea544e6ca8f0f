using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Messages;
using CleanRoom.Grains.Partitions;
using CleanRoom.Protocol;
using CleanRoom.Storage.Objects;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Grains.Queries;

/// <summary>The shell around <see cref="QueryRun"/>: one run at a time, tried again while the machine is at fault.</summary>
internal sealed class QueryGrain : WorkingGrain, IQueryGrain, IQueryInternalGrain
{
    private readonly QueryRun _run;
    private readonly Digest _query;
    private bool _mayRunAgain;

    public QueryGrain(RunServices services, ILogger<QueryGrain> logger)
        : base(logger)
    {
        var key = this.GetPrimaryKeyString();
        (var collaboration, _query) = GrainKeys.Split(key);
        _run = new QueryRun(
            services,
            GrainFactory.GetGrain<ICollaborationInternalGrain>(collaboration),
            partition => GrainFactory.GetGrain<IPartitionGrain>($"{key}/{partition}"),
            logger);
    }

    public Task<RunProgress> ProgressAsync() => Task.FromResult(_run.Progress);

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

    public Task StopAsync() => StopWorkAsync();

    public Task ForgetAsync(string resultName) => _run.ForgetAsync(ObjectName.Parse(resultName));

    protected override Task<WorkOutcome> WorkAsync(CancellationToken cancellationToken)
    {
        var mayRunAgain = _mayRunAgain;
        _mayRunAgain = false;
        return _run.RunAsync(_query, mayRunAgain, cancellationToken);
    }
}
