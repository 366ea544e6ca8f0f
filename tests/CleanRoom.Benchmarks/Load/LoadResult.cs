namespace CleanRoom.Benchmarks.Load;

/// <summary>What is written of a run.</summary>
internal sealed record LoadResult
{
    public required DateTimeOffset At { get; init; }

    public required string Machine { get; init; }

    public required LoadSize Size { get; init; }

    public required int Reads { get; init; }

    public required int Errors { get; init; }

    public required double P50Ms { get; init; }

    public required double P99Ms { get; init; }

    public required double MaxMs { get; init; }

    /// <summary>Gets the most memory that the node had at once, over its whole life.</summary>
    public required long PeakMiB { get; init; }

    /// <summary>Gets the processors that the node took, while the members read.</summary>
    public required double ProcessorShare { get; init; }
}
