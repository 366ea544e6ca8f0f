using Orleans.Concurrency;

namespace CleanRoom.Grains.Hosting;

/// <summary>Says that a silo answers. Any key will do.</summary>
[GrainInterfaceType("cleanroom.silo")]
[Alias("cleanroom.silo")]
public interface ISiloGrain : IGrainWithGuidKey
{
    /// <summary>Answers.</summary>
    [Alias("answer")]
    Task AnswerAsync();
}

/// <summary>The answer of whichever silo the call reaches first.</summary>
[StatelessWorker]
internal sealed class SiloGrain : Grain, ISiloGrain
{
    public Task AnswerAsync() => Task.CompletedTask;
}
