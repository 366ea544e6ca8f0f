namespace CleanRoom.Benchmarks.Measures;

/// <summary>Every measure. A new group is a class of its own and a line here.</summary>
internal static class AllMeasures
{
    /// <summary>Returns the measures, made ready: what is not to be measured is done before, or in a first run where it takes long.</summary>
    public static IEnumerable<Measure> Of() => [.. AttestationMeasures.All(), .. ExplainMeasures.All(), .. SamplerMeasures.All(), .. HistoryMeasures.All()];
}
