using System.Text;

namespace CleanRoom.Architecture.Tests;

/// <summary>C# text without comments and without the insides of strings, so that a rule finds code only.</summary>
internal static class SourceText
{
    public static string CodeOnly(string text)
    {
        var code = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            at = End(text, at);
            if (at == start)
            {
                code.Append(text[at++]);
            }
            else
            {
                // Lines are kept, so that a finding can name its line.
                code.Append(' ').Append('\n', text.AsSpan(start, at - start).Count('\n'));
            }
        }

        return code.ToString();
    }

    // The end of the comment, string or character that begins here; the same place when none begins.
    private static int End(string text, int at) => text[at] switch
    {
        '/' when Is(text, at, "//") => EndOfLine(text, at),
        '/' when Is(text, at, "/*") => After(text, "*/", at + 2),
        '"' when IsVerbatim(text, at) => EndOfVerbatim(text, at + 1),
        '"' when Is(text, at, "\"\"\"") => EndOfRaw(text, at),
        '"' => EndOfQuoted(text, at + 1, '"'),
        '\'' => EndOfQuoted(text, at + 1, '\''),
        _ => at,
    };

    private static bool IsVerbatim(string text, int at) =>
        (at >= 1 && text[at - 1] == '@') || (at >= 2 && text[at - 1] == '$' && text[at - 2] == '@');

    private static int EndOfRaw(string text, int at)
    {
        var quotes = 0;
        while (at + quotes < text.Length && text[at + quotes] == '"')
        {
            quotes++;
        }

        return After(text, new string('"', quotes), at + quotes);
    }

    private static int EndOfVerbatim(string text, int at)
    {
        while (at < text.Length)
        {
            if (text[at] != '"')
            {
                at++;
            }
            else if (Is(text, at, "\"\""))
            {
                at += 2;
            }
            else
            {
                return at + 1;
            }
        }

        return at;
    }

    private static int EndOfQuoted(string text, int at, char quote)
    {
        while (at < text.Length && text[at] != quote && text[at] != '\n')
        {
            at += text[at] == '\\' ? 2 : 1;
        }

        return Math.Min(at + 1, text.Length);
    }

    private static int EndOfLine(string text, int at) => text.IndexOf('\n', at) is var end and >= 0 ? end : text.Length;

    private static int After(string text, string mark, int at) =>
        at <= text.Length && text.IndexOf(mark, at, StringComparison.Ordinal) is var end and >= 0 ? end + mark.Length : text.Length;

    private static bool Is(string text, int at, string mark) => string.CompareOrdinal(text, at, mark, 0, mark.Length) == 0;
}
