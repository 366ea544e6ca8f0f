using CleanRoom.Node.Configuration;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Node.Tests.Storage;
using CleanRoom.Protocol.Api;
using CleanRoom.Storage;
using CleanRoom.TestKit.Collaborations;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Api;

/// <summary>A node whose ledger is in PostgreSQL.</summary>
public sealed class PostgresNodeTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Room_is_founded_signed_and_found_again_after_a_restart()
    {
        using var folder = new TemporaryDirectory();
        await using var node = new RunningNode { Postgres = await OptionsAsync(folder, postgres.Required.ConnectionString) };
        await node.InitializeAsync();
        var channel = await node.ConnectAsync();
        var collaboration = await channel.ProposeAsync(Scene.Contract);
        await channel.AppendAsync(collaboration, TestPeople.Leo.Revoke());
        File.Exists(Path.Combine(node.DataDirectory, "ledger.db")).Should().BeFalse("the ledger is elsewhere");

        await node.RestartAsync();

        var again = await node.ConnectAsync();
        var token = await again.SignInAsync(collaboration, TestPeople.Hana);
        (await again.SendAsync("GET", NodeChannel.Path(ApiRoutes.Rows, collaboration), token: token)).Status.Should().Be(200);
    }

    [Fact]
    public async Task Connection_file_that_is_none_stops_the_start_and_is_not_quoted()
    {
        using var folder = new TemporaryDirectory();
        await using var node = new RunningNode { Postgres = await OptionsAsync(folder, "Password=hunter2;Nonsense") };

        var failure = (await FluentActions.Awaiting(async () => await node.InitializeAsync()).Should().ThrowAsync<StorageException>()).Which;

        failure.Message.Should().Contain("a connection string in").And.Contain("connection");
        failure.ToString().Should().NotContain("hunter2");
    }

    [Theory]
    [InlineData("nowhere", "cleanroom", "postgres.connectionFile")]
    [InlineData("", "cleanroom", "postgres.connectionFile")]
    [InlineData("/proc/self/status", "Clean room", "postgres.schema")]
    public void Options_that_cannot_be_are_named(string file, string schema, string named) =>
        NodeOptionsFile.Check(new NodeOptions { Postgres = new() { ConnectionFile = file, Schema = schema } }).Refusals
            .Should().ContainSingle().Which.Wanted.Should().StartWith(named);

    private static async Task<PostgresOptions> OptionsAsync(TemporaryDirectory folder, string connection)
    {
        var file = folder.File("connection");
        await File.WriteAllTextAsync(file, connection + "\n", TestContext.Current.CancellationToken);
        return new() { ConnectionFile = file };
    }
}
