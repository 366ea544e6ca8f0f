using System.Text.Json.Nodes;
using CleanRoom.Cli.Commands.Demo.Narration;
using CleanRoom.Client.Results;

namespace CleanRoom.EndToEnd.Tests.Support;

/// <summary>Keeps the answers that the story shows.</summary>
internal sealed class QuietNarrator : INarrator
{
    public List<ArrowTable> Tables { get; } = [];

    public void Step(string title)
    {
    }

    public void Say(string sentence)
    {
    }

    public void Fact(string name, JsonNode? value)
    {
    }

    public void Progress(string label, int percent)
    {
    }

    public void Table(ArrowTable table) => Tables.Add(table);

    public void Sketch(ArrowTable table, int people)
    {
    }
}
