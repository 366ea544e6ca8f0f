using System.Globalization;
using System.Security;
using System.Text;

namespace CleanRoom.Benchmarks.Ratios;

/// <summary>The committed ratios as one picture: for each measure with a goal, how far it is from the goal.</summary>
/// <remarks>A function of the files alone, so that equal figures give equal bytes. The axis is logarithmic: twice the goal is as far from it as half of it.</remarks>
internal static class RatioPlot
{
    private const int NameWidth = 330;
    private const int AxisWidth = 420;
    private const int TextWidth = 260;
    private const int LineHeight = 20;
    private const int Head = 48;
    private const double Octaves = 6;

    /// <summary>Writes it beside the files.</summary>
    /// <returns>The path; null when no file has a measure with a goal.</returns>
    public static string? Write(IEnumerable<string> verbs)
    {
        var lines = verbs.SelectMany(verb => RatioFile.Read(RatioFile.Committed, verb).Measures).Where(one => one.Verdict.Length > 0).ToList();
        if (lines.Count == 0)
        {
            return null;
        }

        var path = Path.Combine(RatioFile.Committed, "ratios.svg");
        File.WriteAllText(path, Draw(lines));
        return path;
    }

    /// <summary>Draws it.</summary>
    public static string Draw(IReadOnlyList<Ratio> lines)
    {
        var (width, height) = (NameWidth + AxisWidth + TextWidth, Head + (lines.Count * LineHeight) + 8);
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n");
        Add(svg, $"<title>Ratio of each measure to its baseline, divided by its goal</title>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
        for (var octave = -(int)Octaves; octave <= Octaves; octave += 2)
        {
            var name = octave >= 0 ? Math.Pow(2, octave).ToString(CultureInfo.InvariantCulture) : "1/" + Math.Pow(2, -octave).ToString(CultureInfo.InvariantCulture);
            Add(svg, $"<text x=\"{X(Math.Pow(2, octave)):F0}\" y=\"34\" text-anchor=\"middle\" fill=\"#555555\">{name}</text>\n");
            Add(svg, $"<line x1=\"{X(Math.Pow(2, octave)):F0}\" y1=\"40\" x2=\"{X(Math.Pow(2, octave)):F0}\" y2=\"{height - 4}\" stroke=\"{(octave == 0 ? "#222222" : "#dddddd")}\"/>\n");
        }

        Add(svg, $"<text x=\"{X(1):F0}\" y=\"16\" text-anchor=\"middle\" fill=\"#222222\">goal = 1; left is better</text>\n");
        for (var i = 0; i < lines.Count; i++)
        {
            Draw(svg, lines[i], Head + (i * LineHeight));
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, Ratio line, int y)
    {
        var (value, goal, unit) = line.GoalMs is { } milliseconds ? (line.OursMs, milliseconds, " ms") : (line.Times, line.Goal ?? double.NaN, string.Empty);
        var (end, start) = (X(value / goal), X(1));
        Add(svg, $"<text x=\"{NameWidth - 8}\" y=\"{y + 12}\" text-anchor=\"end\" fill=\"#222222\">{SecurityElement.Escape(line.Name)}</text>\n");
        Add(svg, $"<rect x=\"{Math.Min(start, end):F1}\" y=\"{y + 2}\" width=\"{Math.Max(Math.Abs(end - start), 1):F1}\" height=\"13\" fill=\"{(line.Verdict == "met" ? "#2e7d32" : "#c62828")}\"/>\n");
        Add(svg, $"<text x=\"{NameWidth + AxisWidth + 8}\" y=\"{y + 12}\" fill=\"#222222\">{value:G3}{unit}, goal {goal:G3}{unit}: {line.Verdict}</text>\n");
    }

    /// <summary>What is farther than the axis ends at its end.</summary>
    private static double X(double ofGoal) => NameWidth + (AxisWidth * (Math.Clamp(Math.Log2(ofGoal), -Octaves, Octaves) + Octaves) / (2 * Octaves));

    private static void Add(StringBuilder svg, FormattableString text) => svg.Append(FormattableString.Invariant(text));
}
