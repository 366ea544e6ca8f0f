namespace CleanRoom.Benchmarks.Fixed;

/// <inheritdoc cref="INothingGrain"/>
internal sealed class NothingGrain : Grain, INothingGrain
{
    /// <inheritdoc/>
    public Task DoAsync() => Task.CompletedTask;
}
