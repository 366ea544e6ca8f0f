using System.Globalization;
using System.Text;

namespace CleanRoom.Policy.Tests.Reconstruction;

/// <summary>Draws accuracy against questions as SVG, a panel for each prior. The same numbers give the same bytes.</summary>
internal static class ReconstructionPlot
{
    private const int Width = 360;
    private const int Height = 260;
    private const int Top = 62;
    private const double Least = 0.4;

    private static readonly int[] _lefts = [64, 484];

    /// <summary>Returns the text of the picture.</summary>
    public static string Draw(IReadOnlyList<Series> series)
    {
        var svg = new StringBuilder();
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 870 440" width="870" height="440" font-family="Helvetica, Arial, sans-serif" font-size="12" role="img" aria-labelledby="t d">""");
        Line(svg, $"""<title id="t">What the linear-programming attack gets right</title>""");
        Line(svg, $"""<desc id="d">Share of secret bits guessed right against questions asked, for exact answers, for noise of a wrong scale, and for answers of the tier dp, with the prior and the bound.</desc>""");
        Line(svg, $"""<rect width="870" height="440" fill="#ffffff"/>""");
        foreach (var (panel, left) in series.GroupBy(one => one.PercentOnes).Zip(_lefts))
        {
            Panel(svg, [.. panel], left);
        }

        Legend(svg);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, List<Series> panel, int left)
    {
        var (percent, most) = (panel[0].PercentOnes, panel.Max(one => one.Stages[^1].Questions));
        var prior = 1 - (percent / 100.0);
        double X(double questions) => left + (Width * questions / most);
        static double Y(double accuracy) => Top + (Height * (1 - accuracy) / (1 - Least));
        string Points(IEnumerable<(int Questions, double Value)> points) =>
            string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Questions):0.0},{Y(point.Value):0.0}")));

        Line(svg, $"""<text x="{left}" y="{Top - 18}" font-weight="bold" fill="#222">{percent} % of people have a one</text>""");
        for (var tenth = 4; tenth <= 10; tenth++)
        {
            var y = Y(tenth / 10.0);
            Line(svg, $"""<path d="M{left} {y:0.0}H{left + Width}" stroke="#e4e4e4"/><text x="{left - 8}" y="{y + 4:0.0}" text-anchor="end" fill="#444">{tenth * 10} %</text>""");
        }

        foreach (var stage in panel[0].Stages.Where((_, part) => part % 2 == 1))
        {
            Line(svg, $"""<text x="{X(stage.Questions):0.0}" y="{Top + Height + 18}" text-anchor="middle" fill="#444">{stage.Questions}</text>""");
        }

        Line(svg, $"""<text x="{left + (Width / 2)}" y="{Top + Height + 38}" text-anchor="middle" fill="#444">questions; the last one ends the budget of epsilon 4</text>""");
        Line(svg, $"""<path d="M{left} {Y(prior):0.0}H{left + Width}" stroke="#222" stroke-dasharray="2 3"/>""");
        foreach (var one in panel)
        {
            var (colour, _) = Look(one.Answering);
            Line(svg, $"""<polyline fill="none" stroke="{colour}" stroke-width="2" points="{Points(one.Stages.Select(stage => (stage.Questions, stage.Accuracy)))}"/>""");
            if (one.Answering == Answering.Noisy)
            {
                Line(svg, $"""<polyline fill="none" stroke="{colour}" stroke-dasharray="7 4" points="{Points(one.Stages.Select(stage => (stage.Questions, stage.Bound)))}"/>""");
            }
        }
    }

    private static void Legend(StringBuilder svg)
    {
        (string Colour, string Dashes, string Text)[] entries =
        [
            .. Enum.GetValues<Answering>().Select(answering => (Look(answering).Colour, "none", Look(answering).Text)),
            (Look(Answering.Noisy).Colour, "7 4", "bound for these questions"),
            ("#222", "2 3", "prior alone"),
        ];
        foreach (var ((colour, dashes, text), index) in entries.Select((entry, index) => (entry, index)))
        {
            var (x, y) = (64 + (index % 3 * 270), 386 + (index / 3 * 26));
            Line(svg, $"""<path d="M{x} {y}h32" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/><text x="{x + 40}" y="{y + 4}" fill="#222">{text}</text>""");
        }

        Line(svg, $"""<text x="64" y="22" font-size="14" fill="#222">Share of 200 secret bits that the attack gets right</text>""");
    }

    private static (string Colour, string Text) Look(Answering answering) => answering switch
    {
        Answering.Exact => ("#777777", "exact answers"),
        Answering.WrongScale => ("#c2571a", "a twentieth of the noise that is paid for"),
        Answering.Noisy => ("#1f5fa8", "tier dp, epsilon 4"),
        _ => throw new ArgumentOutOfRangeException(nameof(answering)),
    };

    private static void Line(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
