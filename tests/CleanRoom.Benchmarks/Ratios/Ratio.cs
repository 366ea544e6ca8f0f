using CleanRoom.Benchmarks.Running;

namespace CleanRoom.Benchmarks.Ratios;

/// <summary>The times of a measure and of its baseline, taken in turns: a line of a file of results.</summary>
internal sealed record Ratio
{
    /// <summary>Gets the name of the measure.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the baseline, in words.</summary>
    public required string Against { get; init; }

    /// <summary>Gets ours divided by the baseline.</summary>
    public double Times => OursMs / BaselineMs;

    /// <summary>Gets what it may be at most.</summary>
    public required double? Goal { get; init; }

    /// <summary>Gets what ours may take at most by itself, in milliseconds.</summary>
    public required double? GoalMs { get; init; }

    /// <summary>Gets <c>met</c>, <c>missed</c>, or nothing where there is no goal.</summary>
    public string Verdict => Goal is null && GoalMs is null ? string.Empty
        : Times <= (Goal ?? double.MaxValue) && OursMs <= (GoalMs ?? double.MaxValue) ? "met" : "missed";

    /// <summary>Gets what stands for the rounds, in percent: 50 is the median.</summary>
    public required int Percentile { get; init; }

    /// <summary>Gets the milliseconds that stand for the rounds of ours.</summary>
    public double OursMs => Ours.Percentile(Percentile);

    /// <summary>Gets the milliseconds that stand for the rounds of the baseline.</summary>
    public double BaselineMs => Baseline.Percentile(Percentile);

    /// <summary>Gets the milliseconds of each round.</summary>
    public required double[] Ours { get; init; }

    /// <summary>Gets the milliseconds of each round.</summary>
    public required double[] Baseline { get; init; }

    /// <summary>Gets what is said besides.</summary>
    public required string? Note { get; init; }

    /// <summary>Gets <c>quick</c> or <c>full</c>.</summary>
    public required string Tier { get; init; }

    /// <summary>Gets when the last round ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Gets where.</summary>
    public required string Machine { get; init; }

    /// <summary>Gets the code.</summary>
    public required string Commit { get; init; }

    /// <summary>Takes the times: baseline, ours, baseline, ours, ..., so that both see the same machine; a first round of each is not counted.</summary>
    public static async Task<Ratio> TakeAsync(RatioMeasure measure, Choice choice)
    {
        const int Usual = 5;
        var rounds = measure.Rounds ?? Usual;
        var (ours, baseline) = (new double[rounds], new double[rounds]);
        for (var round = measure.IsWarmedUp ? -1 : 0; round < rounds; round++)
        {
            var (plain, own) = ((await measure.Baseline()).TotalMilliseconds, (await measure.Ours()).TotalMilliseconds);
            if (round >= 0)
            {
                (ours[round], baseline[round]) = (own, plain);
            }
        }

        return new Ratio
        {
            Name = measure.Name,
            Against = measure.Against,
            Goal = measure.Goal,
            GoalMs = measure.GoalMs,
            Percentile = measure.Percentile,
            Ours = ours,
            Baseline = baseline,
            Note = measure.Note?.Invoke(),
            Tier = choice.Tier,
            At = DateTimeOffset.UtcNow,
            Machine = ResultFile.Machine,
            Commit = SourceCommit.Name,
        };
    }
}
