using System.Globalization;
using System.Text;
using CleanRoom.TestKit;

namespace CleanRoom.Policy.Tests.Reconstruction;

/// <summary>The numbers of infra/docs/reconstruction and their plot. A test compares; the explicit one rewrites, within minutes.</summary>
/// <remarks>To rewrite: <c>dotnet run --project tests/CleanRoom.Policy.Tests -- --explicit only --filter-method "*Rewrite*"</c>.</remarks>
public sealed class ReconstructionFiles
{
    /// <summary>Tables behind each number for answers of the tier dp.</summary>
    internal const int NoisyTables = 20;

    /// <summary>Tables behind each number for the two controls.</summary>
    internal const int ControlTables = 5;

    private const int Parts = 8;
    private const string Header = "percent_ones,answers,questions,accuracy,bound";

    private static readonly string _numbers = RepositoryFiles.Committed("infra", "docs", "reconstruction", "accuracy.csv");
    private static readonly string _picture = RepositoryFiles.Committed("infra", "docs", "reconstruction", "accuracy.svg");

    [Fact]
    public void Committed_plot_isThatOfTheCommittedNumbers() =>
        File.ReadAllText(_picture).Should().Be(ReconstructionPlot.Draw(Read(File.ReadAllLines(_numbers))));

    [Fact]
    public void Committed_numbers_areWithinTheBound_andTheControlsAreNot()
    {
        var series = Read(File.ReadAllLines(_numbers));

        series.Should().HaveCount(6);
        series.Where(one => one.Answering == Answering.Noisy).SelectMany(one => one.Stages)
            .Should().HaveCount(2 * Parts).And.OnlyContain(stage => stage.Accuracy < stage.Bound + Experiment.Tolerance(NoisyTables));
        series.Where(one => one.Answering != Answering.Noisy).Select(one => one.Stages[^1].Accuracy)
            .Should().OnlyContain(accuracy => accuracy > 0.95);
    }

    [Fact(Explicit = true)]
    public void Rewrite_reconstruction()
    {
        var series = new[] { 50, 30 }.SelectMany(percentOnes => Enum.GetValues<Answering>().Select(answering => new Series(
            percentOnes,
            answering,
            Experiment.Means(percentOnes, answering, answering == Answering.Noisy ? NoisyTables : ControlTables, Parts))));
        string[] lines = [Header, .. series.SelectMany(one => one.Stages.Select(stage => string.Create(
            CultureInfo.InvariantCulture,
            $"{one.PercentOnes},{one.Answering},{stage.Questions},{stage.Accuracy:0.0000},{stage.Bound:0.0000}")))];
        Directory.CreateDirectory(Path.GetDirectoryName(_numbers)!); // Not null: the file is in a folder of the repository.
        File.WriteAllText(_numbers, string.Concat(lines.Select(line => line + "\n")), new UTF8Encoding(false));
        File.WriteAllText(_picture, ReconstructionPlot.Draw(Read(lines)), new UTF8Encoding(false));
    }

    private static List<Series> Read(string[] lines)
    {
        lines[0].Should().Be(Header);
        return [.. lines.Skip(1).Select(line => line.Split(','))
            .GroupBy(cells => (Percent: Whole(cells[0]), Answering: Enum.Parse<Answering>(cells[1])))
            .Select(rows => new Series(rows.Key.Percent, rows.Key.Answering, [.. rows.Select(cells => new Stage(Whole(cells[2]), Real(cells[3]), Real(cells[4])))]))];
    }

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Real(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>One line of the plot.</summary>
internal sealed record Series(int PercentOnes, Answering Answering, IReadOnlyList<Stage> Stages);
