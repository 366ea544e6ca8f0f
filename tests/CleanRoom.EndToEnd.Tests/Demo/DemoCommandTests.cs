using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using CleanRoom.EndToEnd.Tests.Support;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.EndToEnd.Tests.Demo;

/// <summary><c>cleanroom demo</c> as a newcomer runs it.</summary>
public sealed class DemoCommandTests
{
    [Fact]
    public async Task Demo_json_gives_the_known_answer_above_the_threshold_and_a_receipt_that_holds_without_a_network()
    {
        var run = await CleanRoomProgram.RunAsync("demo", "--json");

        run.ExitCode.Should().Be(0, run.Error);
        var steps = JsonNode.Parse(run.Output)!["steps"]!.AsArray().Select(step => step!["facts"]!).ToList();
        var answer = steps.First(facts => facts["rows"] is not null);
        answer["rows"]!.AsArray().Select(row => (
                Status: row!["status"]!.GetValue<string>(),
                Tests: row["tests"]!.GetValue<string>(),
                Mean: Math.Round(decimal.Parse(row["mean_value"]!.GetValue<string>(), CultureInfo.InvariantCulture), 2)))
            .Should().Equal(("0", "146671", 50.88m), ("1", "14588", 48.66m));
        var hidden = steps.Where(facts => facts["hiddenPeople"] is not null).SelectMany(facts => facts["hiddenPeople"]!.AsArray()).ToList();
        hidden.Should().HaveCount(4).And.OnlyContain(row => row!["people"]!.GetValue<int>() >= row["minUnits"]!.GetValue<int>());
        hidden.Should().OnlyContain(row => row!["minUnits"]!.GetValue<int>() == 50);

        var sketch = steps.First(facts => facts["madeUp"] is not null)["madeUp"]!;
        sketch["columns"]!.AsArray().Select(column => column!.GetValue<string>()).Should().Equal("status", "tests", "mean_value");
        sketch["rows"]!.AsArray().Should().HaveCount(2, "an approver sees what would leave, of people that nobody knows");
        sketch["people"]!.GetValue<int>().Should().Be(1000);

        var receipt = steps.Single(facts => facts["receipt"] is not null)["receipt"]!.GetValue<string>();
        try
        {
            await VerifyReceiptAsync(receipt);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(receipt)!, recursive: true);
        }
    }

    [Theory]
    [InlineData("part", "part-invalid: wanted part 0 of registry.people")]
    [InlineData("signature", "signature-invalid: wanted a signature over the payload")]
    [InlineData("manifest", "signature-invalid: wanted a signature over the payload")]
    [InlineData("tee", "evidence-not-accepted: wanted measurement")]
    public async Task Demo_tampered_with_is_refused_in_words(string kind, string words)
    {
        var run = await CleanRoomProgram.RunAsync("demo", "--tamper", kind);

        run.ExitCode.Should().BeOneOf(2, 5);
        run.Output.Should().Contain("TAMPER: ");
        run.Error.Should().Contain(words);
    }

    [Fact]
    public async Task Demo_at_a_port_in_use_says_which()
    {
        using var other = new TcpListener(IPAddress.Loopback, port: 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var run = await CleanRoomProgram.RunAsync("demo", "--port", $"{port}");

        run.ExitCode.Should().Be(6, run.Error);
        run.Error.Should().Be($"cleanroom: unavailable: wanted a --port where a room can listen, or 0 for a free one; got port {port}, which is in use\n");
    }

    [Fact]
    public async Task Demo_of_files_that_are_not_what_the_contract_describes_is_refused_with_rows()
    {
        using var directory = new TemporaryDirectory();
        foreach (var file in StoryStage.Nafld.EnumerateFiles())
        {
            file.CopyTo(directory.File(file.Name));
        }

        var hospital = directory.File("hospital.csv");
        var lines = await File.ReadAllLinesAsync(hospital, TestContext.Current.CancellationToken);
        lines[3] = "not a number,1,nafld";
        await File.WriteAllLinesAsync(hospital, lines, TestContext.Current.CancellationToken);

        var run = await CleanRoomProgram.RunAsync("demo", "--data", directory.Path);

        run.ExitCode.Should().Be(5);
        run.Error.Should().Contain("dataset-rejected").And.Contain("row 3, column id");
    }

    [Theory]
    [InlineData("--data", "/nowhere")]
    [InlineData("--tamper", "everything")]
    [InlineData("--port", "many")]
    public async Task Demo_with_wrong_options_says_what_is_wrong(string option, string value)
    {
        var run = await CleanRoomProgram.RunAsync("demo", option, value);

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain(value);
    }

    /// <summary>A fresh process in a network namespace of its own, where not even loopback is up.</summary>
    private static async Task VerifyReceiptAsync(string receipt)
    {
        var run = await CleanRoomProgram.RunProgramAsync("unshare", "--map-root-user", "--net", CleanRoomProgram.Path, "receipt", "verify", receipt, "--json");

        run.ExitCode.Should().Be(0, run.Error);
        JsonNode.Parse(run.Output)!["verified"]!.GetValue<bool>().Should().BeTrue();
    }
}
