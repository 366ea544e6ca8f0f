using System.Globalization;
using System.Text;

namespace CleanRoom.Client.Queries.Drawing;

/// <summary>Collects the elements of a drawing. All text goes through <see cref="DrawnText"/>; all numbers are whole, so that bytes never differ.</summary>
internal sealed class Canvas
{
    private readonly StringBuilder _body = new();

    /// <summary>Gets the elements.</summary>
    public string Body => _body.ToString();

    /// <summary>Writes a line of text.</summary>
    public void Text(int x, int y, string style, string text, int columns) => Append(
        $"<text class=\"{style}\" x=\"{x}\" y=\"{y}\">{Titled(text, columns)}</text>\n");

    /// <summary>Writes a box with a text in it.</summary>
    public void Box(int x, int y, int width, int height, string style, string text, int columns) => Append(
        $"<g><rect class=\"{style}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"4\"/><text x=\"{x + 8}\" y=\"{y + (height / 2) + 4}\">{Titled(text, columns)}</text></g>\n");

    /// <summary>Writes a line from left to right.</summary>
    public void Line(int fromX, int fromY, int toX, int toY, string style)
    {
        var middle = (fromX + toX) / 2;
        Append($"<path class=\"{style}\" d=\"M{fromX} {fromY}C{middle} {fromY} {middle} {toY} {toX} {toY}\"/>\n");
    }

    /// <summary>What does not fit is told by a title, which is read aloud and shown by a pointer.</summary>
    private static string Titled(string text, int columns)
    {
        var fitted = DrawnText.Fit(text, columns);
        return fitted == text ? DrawnText.Escape(text) : $"<title>{DrawnText.Escape(text)}</title>{DrawnText.Escape(fitted)}";
    }

    private void Append(FormattableString markup) => _body.Append(markup.ToString(CultureInfo.InvariantCulture));
}
