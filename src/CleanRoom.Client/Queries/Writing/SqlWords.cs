using System.Collections.Immutable;

namespace CleanRoom.Client.Queries.Writing;

/// <summary>Finds the words of a text while it is written. To help whoever writes: what is allowed is said by the room alone.</summary>
public static class SqlWords
{
    /// <summary>Returns the words in order. What is not ended (a string, a comment) reaches to the end of the text.</summary>
    public static ImmutableArray<SqlWord> Of(string sql)
    {
        ArgumentNullException.ThrowIfNull(sql);
        var words = ImmutableArray.CreateBuilder<SqlWord>();
        for (var i = 0; i < sql.Length;)
        {
            var end = EndOf(sql, i);
            if (sql[i] == '"' && end - i > 2)
            {
                words.Add(new SqlWord(i, end - i, sql[(i + 1)..(end - 1)].Replace("\"\"", "\"", StringComparison.Ordinal), IsQuoted: true));
            }
            else if (IsStart(sql[i]))
            {
                words.Add(new SqlWord(i, end - i, sql[i..end], IsQuoted: false));
            }

            i = end;
        }

        return words.ToImmutable();
    }

    /// <summary>Says whether a place is within a string or a comment, where nothing is completed.</summary>
    public static bool IsText(string sql, int place)
    {
        ArgumentNullException.ThrowIfNull(sql);
        for (var i = 0; i < place && i < sql.Length;)
        {
            var end = EndOf(sql, i);
            var isText = sql[i] == '\'' || At(sql, i, "--") || At(sql, i, "/*");
            if (isText && place < end + (IsEnded(sql, i, end) ? 0 : 1))
            {
                return true;
            }

            i = end;
        }

        return false;
    }

    /// <summary>Says whether a character can stand in a name without quotes.</summary>
    public static bool IsPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private static bool IsStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private static int EndOf(string sql, int start) => sql[start] switch
    {
        '\'' or '"' => EndOfQuoted(sql, start),
        '-' when At(sql, start, "--") => sql.IndexOf('\n', start) is var line and >= 0 ? line : sql.Length,
        '/' when At(sql, start, "/*") => sql.IndexOf("*/", start + 2, StringComparison.Ordinal) is var end and >= 0 ? end + 2 : sql.Length,
        var c when IsStart(c) => sql.AsSpan(start).IndexOfAnyExcept(_parts) is var length and >= 0 ? start + length : sql.Length,
        var c when char.IsAsciiDigit(c) => sql.AsSpan(start).IndexOfAnyExcept(_parts) is var length and >= 0 ? start + length : sql.Length,
        _ => start + 1,
    };

    private static readonly System.Buffers.SearchValues<char> _parts =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private static int EndOfQuoted(string sql, int start)
    {
        for (var i = start + 1; i < sql.Length; i++)
        {
            if (sql[i] == sql[start])
            {
                if (i + 1 == sql.Length || sql[i + 1] != sql[start])
                {
                    return i + 1;
                }

                i++;
            }
        }

        return sql.Length;
    }

    private static bool IsEnded(string sql, int start, int end) => sql[start] == '\'' ? end - start > 1 && sql[end - 1] == '\'' : !At(sql, start, "--") && sql[end - 1] == '/';

    private static bool At(string sql, int start, string what) => string.CompareOrdinal(sql, start, what, 0, what.Length) == 0;
}
