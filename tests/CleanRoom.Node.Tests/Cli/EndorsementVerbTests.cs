using System.Text.Json.Nodes;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Cli;

/// <summary><c>attest endorse</c> at two machines, <c>room endorse</c>, and what <c>room verify</c> says of it.</summary>
public class EndorsementVerbTests
{
    private const string Url = "http://room.test";

    [Fact]
    public async Task Two_endorsers_sign_a_member_brings_it_and_the_room_goes_on_with_other_code()
    {
        var world = await World.MakeAsync();
        CliUser[] users = [new(world), new(world), new(world)];
        using var builder = new CliUser(world);
        using var reviewer = new CliUser(world);
        var (registry, laboratory) = (users[0], users[1]);
        var builds = (await builder.DoAsync("keys", "new", "--collaborator", "builder"))["sign"]!.ToString();
        var reviews = (await reviewer.DoAsync("keys", "new", "--collaborator", "reviewer"))["sign"]!.ToString();
        await StoryTests.AgreeAsync(users, change: path => NameAsync(path, builds, reviews));
        var policy = new AttestationPolicy { Accepted = [TestEndorsements.Later.Machine.ToReferenceTuple()], CodeEndorsers = [] };
        foreach (var user in new[] { builder, reviewer })
        {
            File.Copy(registry.File_("contract.json"), user.File_("contract.json"));
        }

        foreach (var user in new[] { builder, registry })
        {
            await File.WriteAllBytesAsync(user.File_("tuple.json"), DocumentCodec.Encode(policy), World.Cancel);
        }

        string[] made =
        [
            "attest", "endorse", "--contract", "@contract.json", "--tuple", "@tuple.json", "--collaboration", world.Room.Log!.Collaboration, "--reason", "a fix of the reader",
        ];

        // A key that the contract does not name endorses nothing.
        (await registry.RunAsync([.. made, "--key", "registry", "--out", "@no", "--passphrase-file", "@passphrase"])).Should().Be(2, registry.Messages);
        var half = await builder.DoAsync([.. made, "--key", "builder", "--days", "30", "--out", "@half"]);
        half["missing"]!.AsArray().Should().ContainSingle();
        File.Copy(builder.File_("half"), registry.File_("half"));
        (await registry.RunAsync("room", "endorse", Url, "--endorsement", "@half", "--passphrase-file", "@passphrase")).Should().Be(2, registry.Messages);
        registry.Messages.Should().Contain("signature-missing");

        File.Copy(builder.File_("half"), reviewer.File_("half"));
        string[] second = ["attest", "endorse", "--contract", "@contract.json", "--key", "reviewer"];
        var whole = await reviewer.DoAsync([.. second, "--endorsement", "@half", "--out", "@whole"]);
        whole["missing"]!.AsArray().Should().BeEmpty();
        whole["reason"]!.ToString().Should().Be("a fix of the reader");
        whole["endorsement"]!.ToString().Should().Be(half["endorsement"]!.ToString(), "both have signed the same bytes");
        (await reviewer.RunAsync([.. second, "--endorsement", "@whole", "--out", "@again", "--passphrase-file", "@passphrase"])).Should().Be(5, "it has signed already");
        File.Copy(reviewer.File_("whole"), laboratory.File_("whole"));

        var brought = await laboratory.DoAsync("room", "endorse", Url, "--endorsement", "@whole");
        brought["measurement"]!.ToString().Should().Be(policy.Accepted[0].Values["measurement"]);
        (await registry.ShowAsync("room", "verify", Url))["codeEndorsement"].Should().BeNull("this code the contract names");

        await world.RestartAsync();
        world.Node.RunsOn = InsecureSimulatedMachine.OfBuild(TestEndorsements.Build);
        (await registry.ShowAsync("room", "verify", Url))["codeEndorsement"]!["digest"]!.ToString().Should().Be(whole["endorsement"]!.ToString());
        await registry.RunAsync("room", "verify", Url, "--contract", "@contract.json");
        registry.Output.Should().Contain("It is code endorsed by").And.Contain("not named in the contract itself");
        (await registry.DoAsync("log", "audit", Url, "--out", "@log.json")).Should().NotBeNull();
        registry.Messages.Should().Contain("the node runs code endorsed by");
        (await registry.RunAsync("log", "audit", "@log.json")).Should().Be(0, registry.Messages);

        world.Time.Advance(TimeSpan.FromDays(30));
        (await registry.RunAsync("room", "verify", Url)).Should().Be(5, "the endorsement has ended");
    }

    [Theory]
    [InlineData("--tuple", "@tuple.json", "--reason", "a fix")]
    [InlineData("--endorsement", "@half", "--reason", "a fix")]
    [InlineData("--endorsement", "@tuple.json")]
    [InlineData]
    public async Task Endorsement_that_is_not_said_whole_is_a_usage_error(params string[] args)
    {
        var world = await World.MakeAsync(TestEndorsements.With);
        using var user = new CliUser(world);
        await File.WriteAllBytesAsync(user.File_("contract.json"), DocumentCodec.Encode(world.Contract), World.Cancel);
        await File.WriteAllTextAsync(user.File_("tuple.json"), "{}", World.Cancel);

        (await user.RunAsync(["attest", "endorse", "--contract", "@contract.json", "--key", "builder", "--out", "@out", "--passphrase-file", "@passphrase", .. args]))
            .Should().Be(1, user.Messages);
        File.Exists(user.File_("out")).Should().BeFalse();
    }

    private static async Task NameAsync(string path, params string[] endorsers)
    {
        var contract = JsonNode.Parse(await File.ReadAllTextAsync(path, World.Cancel))!;
        contract["attestation"]!["codeEndorsers"] = new JsonArray([.. endorsers.Select(key => (JsonNode)key)]);
        await File.WriteAllTextAsync(path, contract.ToJsonString(), World.Cancel);
    }
}
