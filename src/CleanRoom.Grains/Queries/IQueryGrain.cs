using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Messages;
using Orleans.Concurrency;

namespace CleanRoom.Grains.Queries;

/// <summary>The run of one query. Key: <see cref="GrainKeys"/> of the query.</summary>
[GrainInterfaceType("cleanroom.query")]
[Alias("cleanroom.query")]
public interface IQueryGrain : IGrainWithStringKey
{
    /// <summary>Says which step is under way.</summary>
    [Alias("progress")]
    Task<RunProgress> ProgressAsync();

    /// <summary>Says which step is under way once it is another than one that was seen, or after some seconds.</summary>
    [Alias("watch")]
    [AlwaysInterleave]
    Task<RunProgress> WatchAsync(RunProgress seen);

    /// <summary>Runs it once more; the ledger decides whether author and approvers allow another run.</summary>
    [Alias("run-again")]
    Task RunAgainAsync();

    /// <summary>Answers the query on made-up data: an Arrow IPC stream and the number of made-up people. Nobody's data is read.</summary>
    [Alias("twin")]
    Task<GrainReply<TwinReply>> TwinAsync();
}

/// <summary>An answer on made-up data.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.twin")]
public sealed record TwinReply(byte[] Arrow, int People);

/// <summary>What the collaboration grain tells it.</summary>
[GrainInterfaceType("cleanroom.query.internal")]
[Alias("cleanroom.query.internal")]
public interface IQueryInternalGrain : IGrainWithStringKey, IInternalGrain
{
    /// <summary>Runs the query to its end, unless that is under way.</summary>
    [Alias("start")]
    [OneWay]
    Task StartAsync();

    /// <summary>Stops what is under way; the ledger already holds why.</summary>
    [Alias("stop")]
    [OneWay]
    Task StopAsync();

    /// <summary>Removes the stored answer of a run that is not served any more: the object's name.</summary>
    [Alias("forget")]
    [OneWay]
    Task ForgetAsync(string resultName);
}
