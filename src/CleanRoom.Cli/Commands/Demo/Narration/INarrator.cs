using System.Text.Json.Nodes;
using CleanRoom.Client.Results;

namespace CleanRoom.Cli.Commands.Demo.Narration;

/// <summary>Tells the story: to a person as it happens, or to a program when it has happened.</summary>
internal interface INarrator
{
    /// <summary>Begins a step.</summary>
    void Step(string title);

    /// <summary>Says a sentence.</summary>
    void Say(string sentence);

    /// <summary>States a fact of the step, for programs.</summary>
    void Fact(string name, JsonNode? value);

    /// <summary>Shows how far long work is.</summary>
    /// <param name="label">What is under way.</param>
    /// <param name="percent">0 to 100; 100 ends it.</param>
    void Progress(string label, int percent);

    /// <summary>Shows an answer.</summary>
    void Table(ArrowTable table);

    /// <summary>Shows what an answer would look like: the people in it are made up.</summary>
    void Sketch(ArrowTable table, int people);
}
