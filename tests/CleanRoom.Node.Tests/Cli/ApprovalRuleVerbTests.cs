using CleanRoom.Node.Tests.Client.Support;

namespace CleanRoom.Node.Tests.Cli;

/// <summary><c>query approve --coming</c>: a member approves queries to come at a command line, and takes that back.</summary>
public class ApprovalRuleVerbTests(CliScenes scenes)
{
    [Fact]
    public async Task A_rule_is_given_covers_a_query_is_listed_and_taken_back()
    {
        var (world, users) = await scenes.AgreedAsync();
        using var registry = users[0];
        using var laboratory = users[1];
        using var hospital = users[2];
        await RefusesAsync(world, registry);
        File.WriteAllText(registry.File_("people.csv"), "id,age,male,weight,height,bmi,case_id,futime,status\n1,57,0,60.5,163,22.6,,6261,0\n");
        await registry.DoAsync("dataset", "upload", "@people.csv", "--dataset", "registry.people");

        string[] rule = ["query", "approve", "--coming", "--author", "hospital/*", "--reads", "registry.people", "--runs", "3", "--reason", "our purpose"];
        var given = await registry.DoAsync(rule);
        var digest = given["rule"]!.ToString();
        given["document"]!["receivers"]!.AsArray().Select(receiver => receiver!.ToString()).Should().Equal("hospital");

        File.WriteAllText(hospital.File_("query.sql"), "SELECT male, count(*) FROM registry.people GROUP BY male");
        var query = (await hospital.DoAsync("query", "submit", "--sql", "@query.sql"))["query"]!.ToString();
        (await hospital.DoAsync("query", "status", query))["status"]!.ToString().Should().BeOneOf("approved", "completed");
        (await hospital.RunAsync("query", "status", query, "--passphrase-file", hospital.File_("passphrase"))).Should().Be(0);
        hospital.Output.Should().Contain($"registry/ada approves by rule {digest[..12]}: our purpose");
        (await registry.RunAsync("query", "list", "--rules", "--passphrase-file", registry.File_("passphrase"))).Should().Be(0);
        registry.Output.Should().Contain("approves any SQL that the contract allows, unread: our purpose")
            .And.Contain("asked by any analyst of hospital; answers to hospital alone")
            .And.Contain("of 3 runs used");

        (await registry.DoAsync("query", "revoke", digest[..12], "--reason", "enough"))["status"]!.ToString().Should().Be("revoked");
        File.WriteAllText(hospital.File_("other.sql"), "SELECT status, count(*) FROM registry.people GROUP BY status");
        var other = (await hospital.DoAsync("query", "submit", "--sql", "@other.sql"))["query"]!.ToString();
        (await hospital.DoAsync("query", "status", other))["status"]!.ToString().Should().Be("awaiting-approval");
        (await registry.RunAsync("query", "revoke", digest[..12], "--reason", "again", "--passphrase-file", registry.File_("passphrase"))).Should().NotBe(0);
    }

    /// <summary>What says too little, or contradicts itself, is told in words, and nothing is signed.</summary>
    private static async Task RefusesAsync(World world, CliUser registry)
    {
        string[] rule = ["--coming", "--author", "hospital/*", "--reads", "registry.people"];
        (string Wanted, string[] Args)[] refused =
        [
            ("--coming with --author and --reads", ["--coming", "--reads", "registry.people"]),
            ("--coming with --author and --reads", ["--coming", "--author", "hospital/*"]),
            ("a usable version of registry.people", [.. rule, "--these-versions"]),
            ("a template of the contract", [.. rule, "--template", "none"]),
            ("each name once", [.. rule, "--limit", "test"]),
            ("either a query with its --verdict, or --coming", ["abcd", .. rule]),
            ("the digest of a query, or --coming", ["--verdict", "abcd"]),
            ("inputs of the contract", ["--coming", "--author", "hospital/*", "--reads", "registry.nothing"]),
            ("a collaborator that owns one of the inputs", ["--coming", "--author", "hospital/*", "--reads", "laboratory.tests"]),
        ];
        foreach (var (wanted, args) in refused)
        {
            (await registry.RunAsync(["query", "approve", .. args, "--reason", "why", "--passphrase-file", registry.File_("passphrase")])).Should().NotBe(0);
            registry.Messages.Should().Contain(wanted);
        }

        world.Room.Log!.State.ApprovalRules.Should().BeEmpty();
    }
}
