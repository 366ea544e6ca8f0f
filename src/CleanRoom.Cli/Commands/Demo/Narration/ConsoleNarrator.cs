using System.Text.Json.Nodes;
using CleanRoom.Client.Results;
using Spectre.Console;

namespace CleanRoom.Cli.Commands.Demo.Narration;

/// <summary>Tells the story on a terminal. Bars move only where a person can see them move; elsewhere the end of the work is a line.</summary>
internal sealed class ConsoleNarrator(IAnsiConsole console) : INarrator
{
    private const int BarCells = 20;
    private const int FullPercent = 100;
    private const int LabelWidth = 45;

    private readonly bool _isLive = console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi;
    private int _steps;
    private string _label = string.Empty;

    public void Step(string title)
    {
        console.WriteLine();
        console.MarkupLine($"[bold]{++_steps}. {Markup.Escape(title)}[/]");
    }

    public void Say(string sentence) => console.MarkupLineInterpolated($"   {sentence}");

    public void Fact(string name, JsonNode? value)
    {
    }

    public void Progress(string label, int percent)
    {
        if (percent >= FullPercent)
        {
            _label = string.Empty;
            console.MarkupLine($"{(_isLive ? "\r" : string.Empty)}   {Markup.Escape(label.PadRight(LabelWidth))} [green]{Bar(FullPercent)}[/] done");
        }
        else if (_isLive)
        {
            _label = label;
            console.Markup($"\r   {Markup.Escape(_label.PadRight(LabelWidth))} [green]{Bar(percent)}[/] {percent,3}%");
        }
    }

    public void Table(ArrowTable table) => Show(table, TableBorder.Rounded);

    public void Sketch(ArrowTable table, int people) => Show(table, TableBorder.Ascii2);

    private void Show(ArrowTable table, TableBorder border)
    {
        var shown = new Table { Border = border };
        foreach (var column in table.Columns)
        {
            shown.AddColumn(new TableColumn(Markup.Escape(column)) { Alignment = Justify.Right });
        }

        foreach (var row in table.Rows)
        {
            shown.AddRow([.. row.Select(cell => Markup.Escape(cell ?? "withheld or none"))]);
        }

        console.Write(new Padder(shown, new Padding(3, 0, 0, 0)));
    }

    private static string Bar(int percent) =>
        new string('█', percent * BarCells / FullPercent) + new string('░', BarCells - (percent * BarCells / FullPercent));
}
