using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using CleanRoom.Cli.Commands.Demo.Story;
using CleanRoom.EndToEnd.Tests.Support;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.EndToEnd.Tests.Demo;

/// <summary>The whole story with the ledger in PostgreSQL and the objects on a server: nothing that counts is on the node's own disk.</summary>
public sealed class ServerStoresTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Story_over_postgres_and_s3_goes_on_after_the_node_and_the_database_are_killed()
    {
        SkipWithoutServers();
        await using var database = await PostgresServer.StartAsync(Token);
        await using var objects = await ObjectServer.StartS3Async(isConditional: true, Token);
        using var files = new TemporaryDirectory();
        await using var node = new NodeProcess
        {
            Settings = new Dictionary<string, JsonNode>
            {
                ["postgres"] = await ConnectionAsync(files, "postgres", database.ConnectionString),
                ["s3"] = new JsonObject { ["bucket"] = ObjectServer.Bucket, ["prefix"] = "room/one", ["endpoint"] = objects.Endpoint.AbsoluteUri, ["credentialsFile"] = objects.CredentialsFile },
            },
        };

        await PlayAsync(node, async moment =>
        {
            if (moment is StoryMoment.Uploaded)
            {
                await node.KillAsync();
                await database.KillAsync();
                await database.StartAgainAsync(Token);
                await node.StartAsync();
            }
        });
    }

    [Fact]
    public async Task Story_over_postgres_and_azure_blobs_goes_on_after_the_node_is_killed()
    {
        SkipWithoutServers();
        await using var database = await PostgresServer.StartAsync(Token);
        await using var objects = await ObjectServer.StartAzureAsync(Token);
        await new BlobContainerClient(objects.ConnectionString, "rooms").CreateAsync(cancellationToken: Token);
        using var files = new TemporaryDirectory();
        var azure = await ConnectionAsync(files, "azure", objects.ConnectionString);
        (azure["container"], azure["prefix"]) = ("rooms", "one");
        await using var node = new NodeProcess
        {
            Settings = new Dictionary<string, JsonNode> { ["postgres"] = await ConnectionAsync(files, "postgres", database.ConnectionString), ["azureBlobs"] = azure },
        };

        await PlayAsync(node, async moment =>
        {
            if (moment is StoryMoment.Approved)
            {
                await node.KillAsync();
                await node.StartAsync();
            }
        });
    }

    private static async Task PlayAsync(NodeProcess node, Func<StoryMoment, Task> at)
    {
        await node.StartAsync();
        var (state, answers) = await StoryStage.PlayAsync(node, node.Address, at);

        state.Queries.Values.Should().HaveCount(2).And.AllSatisfy(query => query.Runs.Should().ContainSingle().Which.Receipt.Should().NotBeNull());
        answers[0].Rows.Select(row => row[1]).Should().Equal("146671", "14588");
        node.Data.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.Name).Should().Equal("InsecureSealing.key");
    }

    private static async Task<JsonObject> ConnectionAsync(TemporaryDirectory files, string name, string connection)
    {
        await File.WriteAllTextAsync(files.File(name), connection + "\n", Token);
        return new() { ["connectionFile"] = files.File(name) };
    }

    private static void SkipWithoutServers()
    {
        var missing = PostgresServer.Missing ?? ObjectServer.Missing;
        Assert.SkipWhen(missing is not null && Environment.GetEnvironmentVariable("CI") != "true", missing ?? string.Empty);
        missing.Should().BeNull("CI installs them");
    }
}
