namespace CleanRoom.Policy.Tests.Reconstruction;

/// <summary>The attack on many tables.</summary>
internal static class Experiment
{
    /// <summary>Returns the means over the tables after each part of the budget.</summary>
    public static IReadOnlyList<Stage> Means(int percentOnes, Answering answering, int tables, int parts)
    {
        var runs = new IReadOnlyList<Stage>[tables];
        Parallel.For(0, tables, table => runs[table] = Attack.Run(new SecretTable(table, percentOnes), answering, parts));
        return [.. Enumerable.Range(0, parts).Select(part => new Stage(
            runs[0][part].Questions, runs.Average(run => run[part].Accuracy), runs.Average(run => run[part].Bound)))];
    }

    /// <summary>Returns four standard errors of an accuracy: of so many tables, where a guess has a variance of at most 1/4.</summary>
    public static double Tolerance(int tables) => 4 * Math.Sqrt(0.25 / (tables * SecretTable.People));
}
