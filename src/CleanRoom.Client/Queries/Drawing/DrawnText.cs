using System.Globalization;
using System.Text;

namespace CleanRoom.Client.Queries.Drawing;

/// <summary>Text of a verdict as it may stand in a drawing: it can be neither markup nor look like something else.</summary>
internal static class DrawnText
{
    /// <summary>The most marks on one letter; more would paint over other lines.</summary>
    private const int MaxMarks = 2;

    /// <summary>The characters of ASCII are one column wide; of any other two are reckoned.</summary>
    private const int WideColumns = 2;

    private const string Ellipsis = "...";

    /// <summary>Returns the text as XML character data: escaped, and without characters that are invisible or no character.</summary>
    /// <param name="text">Trust: collaborator-controlled.</param>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in Plain(text))
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }

    /// <summary>Returns as much of the text as fits, with an ellipsis where some is left out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="columns">How many columns of a fixed width there are, from 4.</param>
    public static string Fit(string text, int columns)
    {
        if (text.EnumerateRunes().Sum(ColumnsOf) <= columns)
        {
            return text;
        }

        var fitted = new StringBuilder();
        var left = columns - Ellipsis.Length;
        foreach (var rune in text.EnumerateRunes())
        {
            left -= ColumnsOf(rune);
            if (left < 0)
            {
                break;
            }

            fitted.Append(rune.ToString());
        }

        return fitted.Append(Ellipsis).ToString();
    }

    private static int ColumnsOf(Rune rune) => rune.IsAscii ? 1 : WideColumns;

    private static IEnumerable<Rune> Plain(string text)
    {
        var marks = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            marks = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
            yield return marks > MaxMarks || category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                ? new Rune('?')
                : rune;
        }
    }
}
