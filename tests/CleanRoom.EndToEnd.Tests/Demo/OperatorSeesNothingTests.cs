using System.Text;
using CleanRoom.Cli.Commands.Demo.Story;
using CleanRoom.EndToEnd.Tests.Support;
using CleanRoom.TestKit.Network;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.EndToEnd.Tests.Demo;

/// <summary>Whoever runs the machine or stands on the way sees ciphertext and sizes.</summary>
public sealed class OperatorSeesNothingTests
{
    private static readonly string[] _texts =
    [
        "SELECT t.id, avg", "SELECT r.status", "JOIN laboratory.tests", "GROUP BY", "mean_value", "diabetes", "registry.people", "maxRowsPerUnit",
        "dyslipidemia", "heart failure", "within our purpose", "46.664998", "50.8844079607",
    ];

    [Fact]
    public async Task Store_traffic_and_log_hold_no_row_cell_question_or_answer_in_clear()
    {
        await using var node = new NodeProcess();
        await node.StartAsync();
        await using var wire = WireTap.Before(new Uri(node.Address));

        var (_, answers) = await StoryStage.PlayAsync(node, wire.Address, _ => Task.CompletedTask);

        answers.Should().HaveCount(2);
        var needles = OperatorView.Needles(DemoData.Open(StoryStage.Nafld).Value, _texts);
        needles.Should().HaveCountGreaterThan(1000).And.Contain("dyslipidemia");
        byte[] traffic = [.. wire.Copies().SelectMany(copy => copy)];
        traffic.Length.Should().BeGreaterThan(8_000_000, "the three files went through");
        Found(traffic, needles).Should().BeEmpty();
        Found(Encoding.UTF8.GetBytes(node.Log), needles).Should().BeEmpty();
        node.Log.Should().Contain("is committed in row", "the log is on, at its most talkative level");
        OperatorView.Search(node.Data, needles).Found.Should().BeEmpty();
    }

    [Fact]
    public void Search_finds_what_lies_in_clear()
    {
        using var directory = new TemporaryDirectory();
        File.Copy(Path.Combine(StoryStage.Nafld.FullName, "hospital.csv"), directory.File("leak"));

        OperatorView.Search(new DirectoryInfo(directory.Path), ["dyslipidemia", "not in any file"]).Found.Should().Equal("dyslipidemia in leak");
    }

    private static IEnumerable<string> Found(byte[] haystack, IEnumerable<string> needles) =>
        needles.Where(needle => haystack.AsSpan().IndexOf(Encoding.UTF8.GetBytes(needle)) >= 0);
}
