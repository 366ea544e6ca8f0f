using CleanRoom.Benchmarks.Running;

namespace CleanRoom.Benchmarks.Ratios;

/// <summary>The times of a measure and of its baseline, taken in turns.</summary>
/// <param name="Name">Of the measure.</param>
/// <param name="Against">The baseline.</param>
/// <param name="Ours">Milliseconds of each round.</param>
/// <param name="Baseline">Milliseconds of each round.</param>
/// <param name="Goal">Of the measure.</param>
/// <param name="Note">Of the measure.</param>
internal sealed record Ratio(string Name, string Against, double[] Ours, double[] Baseline, double? Goal, string? Note)
{
    public double OursMs => Ours.Median();

    public double BaselineMs => Baseline.Median();

    /// <summary>Gets the ratio of the medians.</summary>
    public double Times => OursMs / BaselineMs;

    /// <summary>Gets <c>met</c>, <c>missed</c>, or nothing where there is no goal.</summary>
    public string Verdict => Goal is not { } goal ? string.Empty : Times <= goal ? "met" : "missed";

    /// <summary>Takes the times: baseline, ours, baseline, ours, ..., so that both see the same machine; a first round of each is not counted.</summary>
    /// <param name="rounds">An odd number.</param>
    public static async Task<Ratio> TakeAsync(RatioMeasure measure, int rounds)
    {
        var (ours, baseline) = (new double[rounds], new double[rounds]);
        for (var round = -1; round < rounds; round++)
        {
            var (plain, own) = ((await measure.Baseline()).TotalMilliseconds, (await measure.Ours()).TotalMilliseconds);
            if (round >= 0)
            {
                (ours[round], baseline[round]) = (own, plain);
            }
        }

        return new Ratio(measure.Name, measure.Against, ours, baseline, measure.Goal, measure.Note?.Invoke());
    }
}
