using System.Text.Json.Nodes;
using CleanRoom.Node.Tests.Api;
using CleanRoom.Node.Tests.Cli;
using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.Storage.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace CleanRoom.Node.Tests.Recoveries;

/// <summary><c>cleanroom recover</c> by three people at three command lines, against a whole node over HTTP that has lost its sealed secret.</summary>
public sealed class RecoverVerbTests : IAsyncLifetime
{
    private readonly RunningNode _node = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_of_three_restore_a_room_that_then_goes_on()
    {
        var world = await World.MakeAsync();
        using var registry = new CliUser(world) { Network = _node.Http };
        using var laboratory = new CliUser(world) { Network = _node.Http };
        using var hospital = new CliUser(world) { Network = _node.Http };
        CliUser[] users = [registry, laboratory, hospital];
        await StoryTests.AgreeAsync(users, Url, AskForSharesAsync);
        var collaboration = string.Empty;
        foreach (var user in users)
        {
            var audited = await user.DoAsync("log", "audit", Url);
            audited["recovery"]!["k"]!.GetValue<int>().Should().Be(2);
            collaboration = audited["collaboration"]!.ToString();
        }

        // Nothing is lost yet.
        (await RecoverAsync(registry)).Should().Be(5);
        registry.Messages.Should().Contain("one whose keys this node has");

        await LoseAsync(collaboration);
        foreach (var user in users)
        {
            user.Network = _node.Http;
        }

        (await registry.RunAsync("log", "audit", Url, "--passphrase-file", registry.File_("passphrase"))).Should().Be(6, "the room has no keys");
        (await RecoverAsync(registry)).Should().Be(0, registry.Messages);
        registry.Output.Should().Contain("0 of 2 have released").And.Contain("nothing was released").And.Contain("can read all that the room can");

        (await RecoverAsync(registry, "--release", "--reason", "the machine burned down")).Should().Be(0, registry.Messages);
        registry.Output.Should().Contain("1 of 2 have released: registry");
        var looked = await hospital.DoAsync("recover", Url);
        looked["released"]!.AsArray().Select(one => one!.ToString()).Should().Equal("registry");
        looked["restored"]!.GetValue<bool>().Should().BeFalse();

        // The laboratory has another contract in mind.
        File.WriteAllText(laboratory.File_("other.json"), File.ReadAllText(laboratory.File_("contract.json")).Replace("\"k\": 2", "\"k\": 3", StringComparison.Ordinal));
        (await RecoverAsync(laboratory, "--contract", laboratory.File_("other.json"))).Should().Be(5);
        laboratory.Messages.Should().Contain("contract-conflict");

        var restored = await hospital.DoAsync("recover", Url, "--contract", "@contract.json", "--release", "--reason", "the machine burned down");
        restored["restored"]!.GetValue<bool>().Should().BeTrue();
        restored["released"]!.AsArray().Select(one => one!.ToString()).Should().Equal("hospital", "registry");

        (await RecoverAsync(laboratory)).Should().Be(5, "it has its keys again");
        foreach (var user in users)
        {
            await user.DoAsync("log", "witness", Url, "--once");
        }

        users[^1].Json["mode"]!.ToString().Should().Be("active");
        var after = await laboratory.DoAsync("log", "audit", Url);
        after["recovery"]!["recoveries"]!.AsArray().Should().ContainSingle().Which!["by"]!.AsArray().Select(one => one!.ToString()).Should().Equal("hospital/ada", "registry/ada");
    }

    public ValueTask InitializeAsync() => _node.InitializeAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private string Url => _node.Http.BaseAddress!.ToString();

    private static async Task AskForSharesAsync(string path)
    {
        var contract = JsonNode.Parse(await File.ReadAllTextAsync(path, Stop))!;
        contract["recovery"]!["k"] = 2;
        await File.WriteAllTextAsync(path, contract.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }), Stop);
    }

    private Task<int> RecoverAsync(CliUser user, params string[] more) => user.RunAsync(["recover", Url, "--passphrase-file", user.File_("passphrase"), .. more]);

    /// <summary>A total loss of what the TEE sealed: the store with the rows is all that is left.</summary>
    private async Task LoseAsync(string collaboration)
    {
        var store = _node.Node.Services.GetRequiredService<ILedgerStore>();
        await store.DeleteSealedSecretAsync(collaboration, Stop);
        await _node.RestartAsync();
    }
}
