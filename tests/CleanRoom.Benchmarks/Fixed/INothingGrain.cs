namespace CleanRoom.Benchmarks.Fixed;

/// <summary>A grain that is called and does nothing.</summary>
internal interface INothingGrain : IGrainWithIntegerKey
{
    /// <summary>Does nothing.</summary>
    Task DoAsync();
}
