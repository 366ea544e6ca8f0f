using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.Protocol.Gossip;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Node.Tests.Cli;

/// <summary>A node that shows two members two histories, and the ways in which they find out.</summary>
public sealed class GossipVerbTests(CliScenes scenes)
{
    private const string Url = "http://room.test";

    [Fact]
    public async Task Members_who_were_shown_one_history_find_nothing()
    {
        var (_, users) = await scenes.AgreedAsync();
        var (registry, hospital) = (users[0], users[2]);

        await registry.DoAsync("log", "gossip", Url, "--export", "@seen.json");
        File.Copy(registry.File_("seen.json"), hospital.File_("theirs.json"));
        var compared = await hospital.DoAsync("log", "gossip", Url, "--import", "@theirs.json");

        compared["same"]!.AsArray().Should().ContainSingle().Which!["rows"]!.GetValue<long>().Should().Be(compared["rows"]!.GetValue<long>());
    }

    [Fact]
    public async Task Node_that_shows_two_members_two_histories_is_found_and_proven()
    {
        var (world, users) = await scenes.AgreedAsync();
        var (registry, hospital) = (users[0], users[2]);
        await registry.DoAsync("contract", "suspend", "--reason", "a look at it");
        await registry.DoAsync("log", "gossip", Url, "--export", "@seen.json");
        var log = world.Room.Log!;
        await world.RestartAsync(Fork(log));
        (await hospital.RunAsync("log", "audit", Url, "--passphrase-file", hospital.File_("passphrase"))).Should().Be(0, hospital.Messages);
        File.Copy(registry.File_("seen.json"), hospital.File_("theirs.json"));

        (await hospital.RunAsync("log", "gossip", Url, "--import", hospital.File_("theirs.json"), "--passphrase-file", hospital.File_("passphrase"))).Should().Be(2);

        hospital.Messages.Should().Contain("checkpoint-inconsistent").And.Contain(log.State.Log.Root.ToString()).And.Contain("theirs.json.fork");
        var proven = await registry.ShowAsync("log", "fork", hospital.File_("theirs.json.fork"));
        proven["collaboration"]!.ToString().Should().Be(log.Collaboration);
        (await registry.RunAsync("log", "fork", registry.File_("seen.json"))).Should().NotBe(0);
    }

    [Fact]
    public async Task Room_that_shows_a_member_less_than_it_showed_another_is_found()
    {
        var (world, users) = await scenes.AgreedAsync();
        var (registry, hospital) = (users[0], users[2]);
        await registry.DoAsync("contract", "suspend", "--reason", "a look at it");
        await registry.DoAsync("log", "gossip", Url, "--export", "@seen.json");
        await world.RestartAsync(world.Room.Log!.Copy(world.Room.Log.Rows.Count - 1));
        File.Copy(registry.File_("seen.json"), hospital.File_("theirs.json"));

        (await hospital.RunAsync("log", "gossip", Url, "--import", hospital.File_("theirs.json"), "--passphrase-file", hospital.File_("passphrase"))).Should().Be(2);

        hospital.Messages.Should().Contain("showed another");
    }

    [Fact]
    public async Task Receipt_of_another_history_fails_and_is_proven()
    {
        var (world, users) = await scenes.AgreedAsync();
        var (registry, hospital) = (users[0], users[2]);
        await AnswerAsync(world, registry, hospital);
        File.Copy(hospital.File_("answer.receipt"), registry.File_("answer.receipt"));
        await registry.DoAsync("log", "audit", Url);
        (await registry.ShowAsync("receipt", "verify", "@answer.receipt"))["proven"]!.AsArray().Last()!.ToString().Should().Contain("history that this profile has seen");

        // What the registry would have kept, had the node shown it another history.
        var fork = Fork(world.Room.Log!);
        var seen = Directory.EnumerateFiles(registry.Profile, "seen.json", SearchOption.AllDirectories).Single();
        await File.WriteAllBytesAsync(seen, SeenHistory.Write(fork.Rows[0], fork.State.Log, fork.Note), TestContext.Current.CancellationToken);

        (await registry.RunAsync("receipt", "verify", "@answer.receipt")).Should().Be(2);
        registry.Output.Should().Contain("NOT hold").And.Contain("checkpoint-inconsistent");
        await hospital.ShowAsync("log", "fork", registry.File_("answer.receipt.fork"));
    }

    private static async Task AnswerAsync(World world, CliUser registry, CliUser hospital)
    {
        File.WriteAllText(registry.File_("people.csv"), "id,age,male,weight,height,bmi,case_id,futime,status\n1,57,0,60.5,163,22.6,,6261,0\n");
        await registry.DoAsync("dataset", "upload", "@people.csv", "--dataset", "registry.people");
        world.Room.Queries.Answer = StoryTests.ArrowAnswer();
        File.WriteAllText(hospital.File_("query.sql"), "SELECT male, count(*) FROM registry.people GROUP BY male");
        var query = (await hospital.DoAsync("query", "submit", "--sql", "@query.sql"))["query"]!.ToString();
        var verdict = (await registry.DoAsync("query", "status", query))["verdictDigest"]!.ToString();
        await registry.DoAsync("query", "approve", query, "--verdict", verdict, "--reason", "within our purpose");
        await hospital.DoAsync("query", "status", query, "--follow");
        await hospital.DoAsync("result", "get", query, "--out", "@answer.csv", "--receipt", "@answer.receipt");
    }

    private static FakeLog Fork(FakeLog log)
    {
        var fork = log.Copy(log.Rows.Count - 1);
        var again = RowCodec.Parse(log.Rows[^1]).Value;
        fork.Append(again.Envelope, again.Time.Plus(TimeSpan.FromSeconds(1))).IsAccepted.Should().BeTrue();
        return fork;
    }
}
