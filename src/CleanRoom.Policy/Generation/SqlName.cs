namespace CleanRoom.Policy.Generation;

/// <summary>The only place where an identifier or a string becomes SQL text.</summary>
internal static class SqlName
{
    /// <summary>Quotes an identifier.</summary>
    public static string Identifier(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>Quotes a string.</summary>
    public static string Text(string value) => "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";
}
