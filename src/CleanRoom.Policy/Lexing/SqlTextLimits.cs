using System.Text;

namespace CleanRoom.Policy.Lexing;

/// <summary>Limits on text that hold before any engine sees it.</summary>
/// <remarks>Spec: contracts/spec/0008 s.2.</remarks>
internal static class SqlTextLimits
{
    /// <summary>The longest text, in UTF-8 bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The deepest nesting of parentheses, brackets and braces.</summary>
    public const int MaxNesting = 64;

    /// <summary>The largest number of tokens.</summary>
    public const int MaxTokens = 16 * 1024;

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Returns what is wrong, or null.</summary>
    public static string? Check(string sql)
    {
        // Length first: nothing below may cost more than the longest accepted text.
        if (!IsEncodable(sql))
        {
            return "the text is longer than 64 KiB or not valid Unicode";
        }

        if (sql.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r')))
        {
            return "the text holds a control character";
        }

        var lexer = new SqlLexer(sql);
        var depth = 0;
        var tokens = 0;
        var end = 0;
        while (lexer.Next(out var token))
        {
            if ((SqlCharacters.WrongBetween(sql, end, token.Start) ?? SqlCharacters.WrongIn(sql, token)) is { } character)
            {
                return character;
            }

            end = token.Start + token.Length;
            depth += token.Kind switch { SqlTokenKind.Open => 1, SqlTokenKind.Close => -1, _ => 0 };
            if (depth is < 0 or > MaxNesting)
            {
                return depth < 0 ? "a parenthesis is closed that was not opened" : "parentheses are nested deeper than 64";
            }

            if (++tokens > MaxTokens)
            {
                return "the text has more than 16384 tokens";
            }
        }

        if (lexer.Failed)
        {
            return "a string, quoted name or comment does not end, or a string is dollar-quoted";
        }

        return SqlCharacters.WrongBetween(sql, end, sql.Length) ?? (tokens == 0 ? "the text is empty" : null);
    }

    /// <summary>Says whether the text is valid Unicode of at most <see cref="MaxBytes"/> UTF-8 bytes.</summary>
    public static bool IsEncodable(string sql) => sql.Length <= MaxBytes && TryCount(sql, out var bytes) && bytes <= MaxBytes;

    private static bool TryCount(string sql, out int bytes)
    {
        try
        {
            bytes = _strict.GetByteCount(sql);
            return true;
        }
        catch (EncoderFallbackException)
        {
            bytes = 0;
            return false;
        }
    }
}
