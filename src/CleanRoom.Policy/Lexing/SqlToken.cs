namespace CleanRoom.Policy.Lexing;

/// <summary>What a token is, as far as templates and the limits on text need to know.</summary>
internal enum SqlTokenKind
{
    Word = 1,
    Number = 2,
    Text = 3,
    QuotedIdentifier = 4,
    Parameter = 5,
    Open = 6,
    Close = 7,
    Symbol = 8,
}

/// <summary>A token by its place in the text.</summary>
internal readonly record struct SqlToken(SqlTokenKind Kind, int Start, int Length)
{
    /// <summary>Returns the characters.</summary>
    public ReadOnlySpan<char> In(string sql) => sql.AsSpan(Start, Length);
}
