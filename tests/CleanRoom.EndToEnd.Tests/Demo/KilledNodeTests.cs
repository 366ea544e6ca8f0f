using CleanRoom.Cli.Commands.Demo.Story;
using CleanRoom.EndToEnd.Tests.Support;

namespace CleanRoom.EndToEnd.Tests.Demo;

/// <summary>The node is killed in the middle of the story and started again over the same files; nobody helps it but the demo's own clients.</summary>
public sealed class KilledNodeTests
{
    [Fact]
    public async Task Node_killed_while_it_takes_datasets_in_and_while_it_runs_goes_on_with_one_charge_and_one_result()
    {
        await using var node = new NodeProcess();
        await node.StartAsync();
        var killed = new List<StoryMoment>();

        var (state, answers) = await StoryStage.PlayAsync(node, node.Address, async moment =>
        {
            if (moment is StoryMoment.Uploaded or StoryMoment.Approved)
            {
                killed.Add(moment);
                await node.KillAsync();
                await node.StartAsync();
            }
        });

        killed.Should().Equal(StoryMoment.Uploaded, StoryMoment.Approved, StoryMoment.Approved);
        state.Queries.Values.Should().HaveCount(2).And.AllSatisfy(query =>
        {
            query.Runs.Should().ContainSingle("a kill is no second charge");
            query.Runs[0].Result.Should().NotBeNull();
            query.Runs[0].Receipt.Should().NotBeNull();
        });
        state.Nodes.Should().HaveCount(1 + killed.Count, "every start shows its evidence in the ledger");
        state.Datasets.Values.Should().HaveCount(3).And.OnlyContain(dataset => dataset.IsUsable);
        answers[0].Rows.Select(row => row[1]).Should().Equal("146671", "14588");
    }
}
