using System.Text.Json.Nodes;
using CleanRoom.Cli.Commands.Demo.Story;
using CleanRoom.EndToEnd.Tests.Support;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.EndToEnd.Tests.Demo;

/// <summary>The whole story in a cluster: two silos on machines of their own, a gateway that the clients speak with, one database, one folder of objects.</summary>
public sealed class ClusterStoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Story_goes_on_when_the_silos_are_killed_one_after_the_other()
    {
        SkipWithoutServer();
        await using var database = await PostgresServer.StartAsync(Token);
        using var files = new TemporaryDirectory();
        await File.WriteAllTextAsync(files.File("connection"), database.ConnectionString, Token);
        await using var first = Member(files, "one", "silo");
        await using var second = Member(files, "two", "silo");
        await using var gateway = Member(files, "edge", "gateway");
        await first.StartAsync();
        await second.StartAsync();
        await gateway.StartAsync();
        var killed = new List<StoryMoment>();

        var (state, answers) = await StoryStage.PlayAsync(gateway.Build, gateway.Address, async moment =>
        {
            if (moment is StoryMoment.Uploaded or StoryMoment.Approved)
            {
                var silo = killed.Count % 2 == 0 ? first : second;
                killed.Add(moment);
                await silo.KillAsync();
                await silo.StartAsync();
            }
        }, new DirectoryInfo(files.File("objects")));

        killed.Should().Equal(StoryMoment.Uploaded, StoryMoment.Approved, StoryMoment.Approved);
        state.Queries.Values.Should().HaveCount(2).And.AllSatisfy(query =>
        {
            query.Runs.Should().ContainSingle("a kill is no second charge");
            query.Runs[0].Result.Should().NotBeNull();
            query.Runs[0].Receipt.Should().NotBeNull();
        });
        state.Datasets.Values.Should().HaveCount(3).And.OnlyContain(dataset => dataset.IsUsable);
        answers[0].Rows.Select(row => row[1]).Should().Equal("146671", "14588");
        state.Nodes.Values.Should().Contain(
            node => node.Attestation.Binding.Purpose == BindingPurpose.Handover, "a silo that was given the secret is named in the ledger");
    }

    private static NodeProcess Member(TemporaryDirectory files, string name, string role) => new()
    {
        Role = role,
        Settings = new Dictionary<string, JsonNode>
        {
            ["postgres"] = new JsonObject { ["connectionFile"] = files.File("connection") },
            ["objectsDirectory"] = files.File("objects"),
            ["cluster"] = new JsonObject { ["name"] = name, ["siloPort"] = FreePort.Find(), ["gatewayPort"] = FreePort.Find() },
        },
    };

    internal static void SkipWithoutServer()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null && Environment.GetEnvironmentVariable("CI") != "true", PostgresServer.Missing ?? string.Empty);
        PostgresServer.Missing.Should().BeNull("CI installs it");
    }
}
