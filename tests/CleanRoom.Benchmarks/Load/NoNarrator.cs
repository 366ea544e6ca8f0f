using System.Text.Json.Nodes;
using CleanRoom.Cli.Commands.Demo.Narration;
using CleanRoom.Client.Results;

namespace CleanRoom.Benchmarks.Load;

/// <summary>Says nothing.</summary>
internal sealed class NoNarrator : INarrator
{
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

    public void Table(ArrowTable table)
    {
    }

    public void Sketch(ArrowTable table, int people)
    {
    }
}
