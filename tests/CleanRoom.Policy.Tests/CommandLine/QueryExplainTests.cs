using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CleanRoom.Engine.Hosting;
using CleanRoom.Policy.Tests.Corpus;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Policy.Tests.CommandLine;

/// <summary>The command <c>cleanroom query explain</c> as a person starts it.</summary>
public sealed class QueryExplainTests : IDisposable
{
    private const int Ok = 0;
    private const int Usage = 1;
    private const int Refused = 5;

    private static readonly string _contract = RepositoryFiles.Committed("contracts", "examples", "media", "contract.json");

    private readonly TemporaryDirectory _folder = new();

    [Fact]
    public async Task Explain_severalFilesAsJson_printsOneObjectALineInTheirOrder()
    {
        var cases = CorpusCase.Own.Where((_, index) => index % 20 == 0).ToList();
        var run = await RunAsync([_contract, "agency", "--json", "--sql", .. cases.Select(one => Text(one.Id + ".sql", one.Sql))]);

        run.ExitCode.Should().Be(Ok, run.Errors);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Should().HaveSameCount(cases);
        foreach (var (line, one) in lines.Zip(cases))
        {
            using var verdict = JsonDocument.Parse(line);
            verdict.RootElement.EnumerateObject().Select(member => member.Name)
                .Should().Equal("verdict", "codes", "state", "owners", "lineage", "budget", "noise", "outlook", "cost", "inputs", "approvers", "verdictDigest");
            verdict.RootElement.GetProperty("verdict").GetString().Should().Be(one.Codes is null ? "allow" : "refuse", one.Id);
            verdict.RootElement.GetProperty("codes").EnumerateArray().Select(code => code.GetString()!)
                .Should().Match(codes => one.Codes == null ? !codes.Any() : codes.Intersect(one.Codes).Any(), one.Id);
            verdict.RootElement.GetProperty("state").GetArrayLength().Should().Be(0);
            verdict.RootElement.GetProperty("owners").EnumerateArray().Should().OnlyContain(owner =>
                owner.EnumerateObject().Select(member => member.Name).Order().SequenceEqual(new[] { "changes", "codes", "party", "reasons", "rules", "smallestChange", "verdict" }));
        }
    }

    [Fact]
    public async Task Explain_inWords_saysWhoseRuleAndWhatWouldPass()
    {
        var run = await RunAsync([_contract, "agency", "--sql", Text("a.sql", "SELECT user_id, count(*) FROM brand.customers GROUP BY user_id")]);

        run.ExitCode.Should().Be(Ok);
        run.Output.Should().StartWith("a.sql: refused\n").And.Contain("rules of brand:")
            .And.Contain("CONTEXT:user_id:GROUP: brand.customers.user_id may not be grouped by")
            .And.Contain("what would pass: do not use user_id here; brand.customers may be grouped by region, segment");
    }

    [Fact]
    public async Task Explain_withTwin_showsWhatAnAnswerWouldLookLikeAndNothingForARefusedText()
    {
        var allowed = Text("a.sql", "SELECT region, count(*) AS customers FROM brand.customers GROUP BY region");
        var words = await RunAsync([_contract, "agency", "--twin", "--sql", allowed]);
        var run = await RunAsync([_contract, "agency", "--twin", "--json", "--sql", allowed, Text("b.sql", "SELECT user_id FROM brand.customers")]);

        words.Output.Should().Contain("MADE UP: what an answer would look like").And.Contain("the numbers say nothing about the data");
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        lines[0].GetProperty("twin").GetProperty("madeUp").GetBoolean().Should().BeTrue();
        lines[0].GetProperty("twin").GetProperty("columns").EnumerateArray().Select(column => column.GetString()).Should().Equal("region", "customers");
        lines[0].GetProperty("twin").GetProperty("rows").GetArrayLength().Should().BePositive();
        lines[1].TryGetProperty("twin", out _).Should().BeFalse();
    }

    [Fact]
    public async Task Explain_inWords_quotesTheRuleAndSaysWhoCouldChangeIt()
    {
        var run = await RunAsync([_contract, "agency", "--sql", Text("a.sql", "SELECT ts, count(*) FROM brand.orders GROUP BY ts")]);

        run.Output.Should().Contain("the contract says at /datasets/1/policy/columns/ts/grain: \"day\"")
            .And.Contain("or, for GRAIN: brand would take away /datasets/1/policy/columns/ts/grain of the contract");
    }

    [Fact]
    public async Task Explain_svg_drawsTheVerdictIntoANewFile()
    {
        var (sql, drawing) = (Text("a.sql", "SELECT region, sum(ltv) FROM brand.customers GROUP BY region"), Path.Combine(_folder.Path, "a.svg"));

        var run = await RunAsync([_contract, "agency", "--json", "--svg", drawing, "--sql", sql]);
        var again = await RunAsync([_contract, "agency", "--svg", drawing, "--sql", sql]);

        run.ExitCode.Should().Be(Ok, run.Errors);
        using var verdict = JsonDocument.Parse(run.Output);
        (await File.ReadAllTextAsync(drawing, Ask.Cancellation)).Should().StartWith("<svg ")
            .And.Contain(verdict.RootElement.GetProperty("verdictDigest").GetString());
        again.Should().Match<Run>(second => second.ExitCode == Usage && second.Errors.Contains("a.svg, which exists"));
    }

    [Fact]
    public async Task Explain_svgOfSeveralTexts_isUsage()
    {
        var sql = Text("a.sql", "SELECT 1");
        var run = await RunAsync([_contract, "agency", "--svg", Path.Combine(_folder.Path, "b.svg"), "--sql", sql, sql]);

        run.Should().Match<Run>(one => one.ExitCode == Usage && one.Output.Length == 0 && one.Errors.Contains("--svg with one --sql"));
        File.Exists(Path.Combine(_folder.Path, "b.svg")).Should().BeFalse();
    }

    [Fact]
    public async Task Explain_wrongFiles_namesEachAndPrintsNoVerdict()
    {
        var good = Text("good.sql", "SELECT count(*) FROM brand.customers");
        var binary = Bytes("binary.sql", [0x53, 0xff]);
        var huge = Text("huge.sql", new string(' ', QueryAnalyzer.MaxTextBytes + 1));
        var run = await RunAsync([_contract, "agency", "--json", "--sql", good, binary, huge, Path.Combine(_folder.Path, "none.sql")]);

        run.ExitCode.Should().Be(Usage);
        run.Output.Should().BeEmpty();
        run.Errors.Should().Contain("UTF-8").And.Contain("binary.sql").And.Contain("65536 bytes").And.Contain("huge.sql").And.Contain("none.sql");
        run.Errors.Should().NotContain("good.sql");
    }

    [Fact]
    public async Task Explain_longestText_isRead()
    {
        var text = "SELECT count(*) FROM brand.customers";
        var run = await RunAsync([_contract, "agency", "--sql", Text("long.sql", "\ufeff" + text + new string(' ', QueryAnalyzer.MaxTextBytes - text.Length))]);

        run.Output.Should().StartWith("long.sql: allowed\n", run.Errors);
    }

    [Theory]
    [InlineData("nobody", Usage, "brand, pub, agency")]
    [InlineData("", Usage, "brand, pub, agency")]
    public async Task Explain_unknownCollaborator_namesTheKnown(string analyst, int exitCode, string message)
    {
        var run = await RunAsync([_contract, analyst, "--sql", Text("a.sql", "SELECT 1")]);

        run.ExitCode.Should().Be(exitCode);
        run.Errors.Should().Contain(message);
    }

    [Fact]
    public async Task Explain_wrongContract_saysWhy()
    {
        var sql = Text("a.sql", "SELECT 1");
        var json = await File.ReadAllTextAsync(_contract, Ask.Cancellation);
        var below = Text("below.json", json.Replace("\"minUnits\": 50", "\"minUnits\": 0", StringComparison.Ordinal));

        (await RunAsync([below, "agency", "--sql", sql])).Should().Match<Run>(run => run.ExitCode == Refused && run.Errors.Contains("minUnits"));
        (await RunAsync([Text("no.json", "{"), "agency", "--sql", sql])).ExitCode.Should().Be(Usage);
        (await RunAsync([Path.Combine(_folder.Path, "none.json"), "agency", "--sql", sql])).ExitCode.Should().Be(Usage);
    }

    [Fact]
    public async Task Explain_unknownOption_isUsage() =>
        (await RunAsync([_contract, "agency", "--sql", Text("a.sql", "SELECT 1"), "--nothing", "x"]))
            .Should().Match<Run>(run => run.ExitCode == Usage && run.Errors.Contains("--nothing"));

    [Fact]
    public async Task Explain_logThatIsNone_isUsageAndNamesTheFile() =>
        (await RunAsync([_contract, "agency", "--sql", Text("a.sql", "SELECT 1"), "--log", Text("log.json", "{")]))
            .Should().Match<Run>(run => run.ExitCode == Usage && run.Errors.Contains("log.json"));

    public void Dispose() => _folder.Dispose();

    private string Text(string name, string text) => Bytes(name, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(text));

    private string Bytes(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static async Task<Run> RunAsync(string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "cleanroom.dll");
        var start = new ProcessStartInfo(EngineCommand.Default().FileName, ["exec", program, "query", "explain", "--contract", arguments[0], "--as", .. arguments[1..]])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Ask.Cancellation);
        var errors = process.StandardError.ReadToEndAsync(Ask.Cancellation);
        await process.WaitForExitAsync(Ask.Cancellation);
        return new Run(process.ExitCode, await output, await errors);
    }

    private sealed record Run(int ExitCode, string Output, string Errors);
}
