namespace CleanRoom.Policy.Tests.Reconstruction;

public sealed class LeastResidualsTests
{
    [Fact]
    public void Solve_knownProgram_findsItsOptimum()
    {
        // |x0 + x1 - 2| + |x1 - 0.25| + |x1 - 0.75| + 0.5 (x0 + x1): x0 = 1 saves more than it costs, x1 stops at 0.75.
        var fit = LeastResiduals.Solve([[0, 1], [1], [1]], [2, 0.25, 0.75], 2, 0.5);

        fit.Values[0].Should().BeApproximately(1, 1e-5);
        fit.Values[1].Should().BeApproximately(0.75, 1e-5);
        fit.Objective.Should().BeApproximately(0.25 + 0.5 + 0.875, 1e-5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Solve_itsMultipliers_proveTheOptimum(int number)
    {
        var table = new SecretTable(number, 30);
        var rows = Enumerable.Range(0, 150 + (100 * number)).Select(table.Subset).ToList();
        double[] answers = [.. rows.Select((row, q) => table.Ones(row) + (table.Seed(q)[0] / 4.0) - 32)];

        var fit = LeastResiduals.Solve(rows, answers, SecretTable.People, number);

        fit.Values.Should().OnlyContain(value => value >= 0 && value <= 1);
        fit.Multipliers.Should().OnlyContain(multiplier => multiplier >= -1 && multiplier <= 1);
        var objective = rows.Zip(answers, (row, answer) => Math.Abs(row.Sum(i => fit.Values[i]) - answer)).Sum() + (number * fit.Values.Sum());
        var bound = Enumerable.Range(0, SecretTable.People)
            .Sum(i => Math.Min(0, number + rows.Select((row, q) => Array.BinarySearch(row, i) >= 0 ? fit.Multipliers[q] : 0).Sum()))
            - answers.Zip(fit.Multipliers, (answer, multiplier) => answer * multiplier).Sum();
        (objective - bound).Should().BeInRange(-1e-9, 1e-6 * (1 + objective), "a value and a bound that meet are the optimum's");
    }
}
