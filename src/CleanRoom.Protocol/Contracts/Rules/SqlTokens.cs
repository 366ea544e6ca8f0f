using System.Collections.Immutable;

namespace CleanRoom.Protocol.Contracts.Rules;

internal enum SqlTokenKind
{
    None = 0,
    Word = 1,
    Parameter = 2,
    Literal = 3,
    Symbol = 4,

    /// <summary>Text that a template may not contain: comments, dollar quotes, escape strings, statement ends, open quotes.</summary>
    Forbidden = 5,
}

/// <summary>A piece of a template's SQL. Words are in lower case; a parameter's text is its name without the <c>$</c>.</summary>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text);

/// <summary>
/// Cuts a template's SQL just far enough to tell a parameter from the inside of a string. It decides nothing about what the
/// query may do: the policy parses the text anew. What it cannot cut safely is forbidden.
/// </summary>
internal static class SqlTokens
{
    private const string Comparison = "<>=!";

    /// <summary>Cuts the text; stops behind the first forbidden piece.</summary>
    public static ImmutableArray<SqlToken> Of(string sql)
    {
        var tokens = ImmutableArray.CreateBuilder<SqlToken>();
        for (var at = 0; at < sql.Length;)
        {
            if (char.IsWhiteSpace(sql[at]))
            {
                at++;
                continue;
            }

            var token = Next(sql, ref at);
            tokens.Add(token);
            if (token.Kind == SqlTokenKind.Forbidden)
            {
                break;
            }
        }

        return tokens.ToImmutable();
    }

    private static SqlToken Next(string sql, ref int at)
    {
        var start = at;
        var first = sql[at];
        var second = at + 1 < sql.Length ? sql[at + 1] : '\0';
        switch (first)
        {
            case '\'' or '"':
                return Quoted(sql, ref at, first);
            case '$' when char.IsAsciiLetter(second) || second == '_':
                at = EndOfWord(sql, at + 1);
                return at < sql.Length && sql[at] == '$'
                    ? Forbidden("a dollar quote")
                    : new SqlToken(SqlTokenKind.Parameter, sql[(start + 1)..at]);
            case '$':
                return Forbidden("a '$' without a name");
            case '?':
                return Forbidden("a parameter without a name");
            case ';':
                return Forbidden("a ';'");
            case '-' when second == '-':
            case '/' when second == '*':
                return Forbidden("a comment");
            default:
                break;
        }

        if (char.IsAsciiLetter(first) || first == '_')
        {
            at = EndOfWord(sql, at);
            var isEscape = at < sql.Length && sql[at] == '\'';
            return isEscape
                ? Forbidden("a string with a prefix")
                : new SqlToken(SqlTokenKind.Word, sql[start..at].ToLowerInvariant());
        }

        if (char.IsAsciiDigit(first))
        {
            at = EndOfNumber(sql, at);
            return new SqlToken(SqlTokenKind.Literal, sql[start..at]);
        }

        at++;
        while (Comparison.Contains(first, StringComparison.Ordinal) && at < sql.Length && Comparison.Contains(sql[at], StringComparison.Ordinal))
        {
            at++;
        }

        return new SqlToken(SqlTokenKind.Symbol, sql[start..at]);
    }

    private static SqlToken Quoted(string sql, ref int at, char quote)
    {
        var start = at + 1;
        for (at = start; at < sql.Length; at++)
        {
            if (sql[at] != quote)
            {
                continue;
            }

            if (at + 1 < sql.Length && sql[at + 1] == quote)
            {
                at++;
                continue;
            }

            var text = sql[start..at];
            at++;
            return quote == '"' ? new SqlToken(SqlTokenKind.Word, text.ToLowerInvariant()) : new SqlToken(SqlTokenKind.Literal, text);
        }

        return Forbidden("an open quote");
    }

    private static SqlToken Forbidden(string what) => new(SqlTokenKind.Forbidden, what);

    private static int EndOfWord(string sql, int at)
    {
        while (at < sql.Length && (char.IsAsciiLetterOrDigit(sql[at]) || sql[at] == '_'))
        {
            at++;
        }

        return at;
    }

    private static int EndOfNumber(string sql, int at)
    {
        while (at < sql.Length && (char.IsAsciiLetterOrDigit(sql[at]) || sql[at] is '_' or '.'))
        {
            at++;
        }

        return at;
    }
}
