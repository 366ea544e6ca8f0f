namespace CleanRoom.Policy.Lexing;

/// <summary>Cuts SQL text into tokens, so that nothing inside a string, a quoted name or a comment is taken for something else.</summary>
/// <remarks>
/// It refuses what it could misread (dollar-quoted strings, unterminated tokens) instead of guessing. The engine's own parser decides what
/// the text means; this one only guards it. Trust: attacker-controlled text.
/// </remarks>
internal ref struct SqlLexer(string sql)
{
    private int _position;

    /// <summary>Gets a value that says whether a token could not be read.</summary>
    public bool Failed { get; private set; }

    /// <summary>Reads the next token; false at the end, or when <see cref="Failed"/>.</summary>
    public bool Next(out SqlToken token)
    {
        token = default;
        if (!SkipSpaceAndComments() || _position >= sql.Length)
        {
            return false;
        }

        var start = _position;
        var kind = Read(sql[start]);
        token = new SqlToken(kind, start, _position - start);
        return !Failed;
    }

    private SqlTokenKind Read(char first)
    {
        switch (first)
        {
            case '\'':
                Quoted('\'', escapes: false);
                return SqlTokenKind.Text;
            case '"':
                Quoted('"', escapes: false);
                return SqlTokenKind.QuotedIdentifier;
            case '(' or '[' or '{':
                _position++;
                return SqlTokenKind.Open;
            case ')' or ']' or '}':
                _position++;
                return SqlTokenKind.Close;
            case '$':
                Parameter();
                return SqlTokenKind.Parameter;
        }

        if (char.IsAsciiDigit(first))
        {
            SkipWord();
            return SqlTokenKind.Number;
        }

        if (IsWordStart(first))
        {
            var start = _position;
            SkipWord();
            if (_position - start > 1 || first is not ('e' or 'E') || _position >= sql.Length || sql[_position] != '\'')
            {
                return SqlTokenKind.Word;
            }

            Quoted('\'', escapes: true);
            return SqlTokenKind.Text;
        }

        _position++;
        return SqlTokenKind.Symbol;
    }

    private void Quoted(char quote, bool escapes)
    {
        for (_position++; _position < sql.Length; _position++)
        {
            if (escapes && sql[_position] == '\\')
            {
                _position++;
            }
            else if (sql[_position] == quote)
            {
                _position++;
                if (_position >= sql.Length || sql[_position] != quote)
                {
                    return;
                }
            }
        }

        Failed = true;
    }

    private void Parameter()
    {
        var start = _position++;
        SkipWord(dollar: false);

        // "$$" and "$tag$" begin a string whose end only the engine knows for certain.
        Failed = (_position < sql.Length && sql[_position] == '$') || _position == start + 1;
    }

    private void SkipWord(bool dollar = true)
    {
        while (_position < sql.Length && IsWordPart(sql[_position]) && (dollar || sql[_position] != '$'))
        {
            _position++;
        }
    }

    private bool SkipSpaceAndComments()
    {
        while (_position < sql.Length)
        {
            if (char.IsWhiteSpace(sql[_position]))
            {
                _position++;
            }
            else if (StartsWith("--"))
            {
                var end = sql.AsSpan(_position).IndexOfAny('\n', '\r');
                _position = end < 0 ? sql.Length : _position + end;
            }
            else if (StartsWith("/*"))
            {
                if (!SkipBlockComment())
                {
                    Failed = true;
                    return false;
                }
            }
            else
            {
                break;
            }
        }

        return true;
    }

    private bool SkipBlockComment()
    {
        var depth = 0;
        while (_position < sql.Length)
        {
            if (StartsWith("/*"))
            {
                depth++;
                _position += 2;
            }
            else if (StartsWith("*/"))
            {
                depth--;
                _position += 2;
                if (depth == 0)
                {
                    return true;
                }
            }
            else
            {
                _position++;
            }
        }

        return false;
    }

    private readonly bool StartsWith(string text) => sql.AsSpan(_position).StartsWith(text, StringComparison.Ordinal);

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c is '_' or > '\u007f';

    private static bool IsWordPart(char c) => IsWordStart(c) || char.IsAsciiDigit(c) || c == '$';
}
