using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.TestKit;

namespace CleanRoom.Node.Tests.Cli;

/// <summary><c>contract import</c>: a draft that can be signed and a report, or a clear refusal and no file.</summary>
public sealed class ContractImportTests
{
    private const string Rules = """{"aggregation_threshold_policy":{"threshold":70,"privacy_unit_column":"user_id"}}""";

    private static readonly string _media = RepositoryFiles.Committed("contracts", "examples", "media", "contract.json");

    [Fact]
    public async Task Rules_of_a_peer_are_written_into_a_draft_and_reported()
    {
        using var user = new CliUser(await World.MakeAsync());
        await File.WriteAllTextAsync(user.File_("rules"), Rules, TestContext.Current.CancellationToken);

        var report = await user.ShowAsync(
            "contract", "import", "--from", "bigquery", "--rules", "@rules", "--contract", _media, "--dataset", "brand.customers", "--out", "@draft");

        report["notes"]!.AsArray().Select(note => $"{note!["outcome"]}").Should().Equal("stricter", "kept", "kept");
        (await user.RunAsync("contract", "diff", _media, "@draft")).Should().Be(0);
        user.Output.Should().Contain("70");
    }

    [Theory]
    [InlineData("bigquery", "garbage", "brand.customers")]
    [InlineData("snowflake", "rules", "brand.customers")]
    [InlineData("aws", "rules", "brand.customers")]
    [InlineData("bigquery", "rules", "brand.nothing")]
    [InlineData("bigquery", "missing", "brand.customers")]
    public async Task What_cannot_be_read_is_said_and_nothing_is_written(string from, string rules, string dataset)
    {
        using var user = new CliUser(await World.MakeAsync());
        await File.WriteAllTextAsync(user.File_("garbage"), "{\"type\":1", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(user.File_("rules"), Rules, TestContext.Current.CancellationToken);

        (await user.RunAsync("contract", "import", "--from", from, "--rules", "@" + rules, "--contract", _media, "--dataset", dataset, "--out", "@draft"))
            .Should().NotBe(0);

        user.Messages.Should().NotBeEmpty().And.NotContain("bug");
        File.Exists(user.File_("draft")).Should().BeFalse();
    }
}
