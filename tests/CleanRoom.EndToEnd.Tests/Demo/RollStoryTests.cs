using System.Globalization;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Commands.Demo.Story;
using CleanRoom.Cli.Machines;
using CleanRoom.EndToEnd.Tests.Support;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Network;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.EndToEnd.Tests.Demo;

/// <summary>The whole story while the room moves from one build to another: a silo and a gateway of each, processes of their own, one database, one folder of objects.</summary>
public sealed class RollStoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Story_goes_on_while_the_room_moves_from_one_build_to_another()
    {
        ClusterStoryTests.SkipWithoutServer();
        await using var database = await PostgresServer.StartAsync(Token);
        using var files = new TemporaryDirectory();
        await File.WriteAllTextAsync(files.File("connection"), database.ConnectionString, Token);
        var second = await SecondBuild.MakeAsync(files.File("second"));
        var oldPort = FreePort.Find();
        var old = await PolicyAsync(files, "old", SecondBuild.First);
        var later = await PolicyAsync(files, "later", second.Build);
        await using var oldSilo = Member(files, "old", "silo", CleanRoomProgram.Path, Roll(later, oldPort));
        await using var oldGateway = Member(files, "old", "gateway", CleanRoomProgram.Path, Roll(later, FreePort.Find()));
        await using var laterSilo = Member(files, "later", "silo", second.Program, Roll(old, FreePort.Find(), $"127.0.0.1:{oldPort}"));
        await using var laterGateway = Member(files, "later", "gateway", second.Program, Roll(old, FreePort.Find()));
        await oldSilo.StartAsync();
        await oldGateway.StartAsync();
        await using var balancer = WireTap.Before(new Uri(oldGateway.Address));
        var answered = 0;

        var (state, answers) = await StoryStage.PlayAsync([SecondBuild.First, second.Build], balancer.Address, async moment =>
        {
            if (moment is StoryMoment.Uploaded)
            {
                await laterSilo.StartAsync();
                await laterGateway.StartAsync();
            }
            else if (moment is StoryMoment.Answered && answered++ == 0)
            {
                balancer.TurnTo(new Uri(laterGateway.Address));
                balancer.Break();
                (await oldGateway.EndAsync()).Should().Be(0, oldGateway.Log);
                (await oldSilo.EndAsync()).Should().Be(0, oldSilo.Log);
            }
        }, new DirectoryInfo(files.File("objects")));

        answered.Should().Be(2);
        laterSilo.Build.Should().Be(second.Build).And.NotBe(oldSilo.Build);
        state.Queries.Values.Should().HaveCount(2).And.AllSatisfy(query =>
        {
            query.Runs.Should().ContainSingle("two builds are no second charge");
            query.Runs[0].Result.Should().NotBeNull();
            query.Runs[0].Receipt.Should().NotBeNull();
        });
        state.Datasets.Values.Should().HaveCount(3).And.OnlyContain(dataset => dataset.IsUsable);
        answers[0].Rows.Select(row => row[1]).Should().Equal("146671", "14588");
        var moved = state.Nodes.Values.Should().ContainSingle(node => node.Attestation.Binding.Build == second.Build).Which;
        moved.Attestation.Binding.Purpose.Should().Be(BindingPurpose.Handover, "the old build handed the room over, and the ledger says so");
    }

    private static async Task<string> PolicyAsync(TemporaryDirectory files, string name, string build)
    {
        var file = files.File($"{name}.policy");
        await File.WriteAllBytesAsync(file, DocumentCodec.Encode(new AttestationPolicy { Accepted = [NodeMachine.Accepted(build)], CodeEndorsers = [] }), Token);
        return file;
    }

    private static JsonObject Roll(string policy, int port, params string[] peers) => new()
    {
        ["policyFile"] = policy,
        ["until"] = TimeProvider.System.GetUtcNow().AddDays(1).ToString("O", CultureInfo.InvariantCulture),
        ["port"] = port,
        ["peers"] = new JsonArray([.. peers.Select(peer => (JsonNode)peer)]),
    };

    private static NodeProcess Member(TemporaryDirectory files, string cluster, string role, string program, JsonObject roll) => new()
    {
        Role = role,
        Program = program,
        Settings = new Dictionary<string, JsonNode>
        {
            ["postgres"] = new JsonObject { ["connectionFile"] = files.File("connection") },
            ["objectsDirectory"] = files.File("objects"),
            ["cluster"] = new JsonObject { ["id"] = cluster, ["name"] = $"{cluster}-{role}", ["siloPort"] = FreePort.Find(), ["gatewayPort"] = FreePort.Find(), ["roll"] = roll },
        },
    };
}
