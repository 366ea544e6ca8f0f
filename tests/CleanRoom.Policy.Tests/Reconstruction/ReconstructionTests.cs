using CleanRoom.Protocol;
using CleanRoom.TestKit;

namespace CleanRoom.Policy.Tests.Reconstruction;

/// <summary>The linear-programming attack is real, and the tier dp holds it to what the budget allows. Plot: infra/docs/reconstruction.md.</summary>
/// <remarks>The full tier attacks as many tables as the plot shows, the quick tier fewer.</remarks>
public sealed class ReconstructionTests
{
    private const int Quarters = 4;

    private static int Tables => Tier.Cases(3, ReconstructionFiles.NoisyTables);

    private static int Controls => Tier.Cases(1, ReconstructionFiles.ControlTables);

    [Theory]
    [InlineData(30)]
    [InlineData(50)]
    public void ExactAnswers_giveTheTableAway(int percentOnes) =>
        Means(percentOnes, Answering.Exact, Controls)[^1].Accuracy.Should().BeGreaterThan(0.95, "else nothing is shown by an attack that fails");

    [Theory]
    [InlineData(30)]
    [InlineData(50)]
    public void NoiseOfAWrongScale_givesTheTableAway(int percentOnes)
    {
        var end = Means(percentOnes, Answering.WrongScale, Controls)[^1];

        end.Accuracy.Should().BeGreaterThan(0.95).And.BeGreaterThan(end.Bound + Experiment.Tolerance(Tables), "the check of the tier would see it");
    }

    [Theory]
    [InlineData(30)]
    [InlineData(50)]
    public void AnswersOfTheTierDp_tellNoMoreThanTheBudgetAllows(int percentOnes)
    {
        foreach (var stage in Means(percentOnes, Answering.Noisy, Tables))
        {
            stage.Accuracy.Should().BeLessThan(stage.Bound + Experiment.Tolerance(Tables), $"after {stage.Questions} questions");
        }
    }

    [Fact]
    public void Budget_pastItsLastQuestion_refuses()
    {
        var table = new SecretTable(0, 50);
        var owner = new NoisyOwner(table, Attack.Rules, 1);
        var paid = owner.Remaining;

        Enumerable.Range(0, paid).Select(question => owner.Ask(table.Subset(question)).IsAccepted).ToList()
            .Should().HaveCountGreaterThan(10).And.NotContain(false);
        var spent = owner.Spent;

        owner.Ask(table.Subset(paid)).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.BudgetExhausted);
        owner.Spent.Should().Be(spent, "a refusal costs nothing, and tells nothing");
    }

    private static IReadOnlyList<Stage> Means(int percentOnes, Answering answering, int tables) =>
        Experiment.Means(percentOnes, answering, tables, Quarters);
}
