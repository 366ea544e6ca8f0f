namespace CleanRoom.Policy.Binding;

/// <summary>Parses and binds analysts' SQL in an isolated process; never executes it.</summary>
/// <remarks>
/// What an implementation returns is not trusted for access: every rule is checked on the plan that is built from it, and only that
/// plan is turned into SQL that runs. A wrong answer costs the query its meaning, never a row its protection.
/// </remarks>
public interface ISqlBinder
{
    /// <summary>
    /// json_serialize_sql over the text: the parse tree JSON, or null when the engine refuses to parse/serialise
    /// (the JSON then has "error":true and is returned as is so that PARSE, STATEMENT and MULTI can be told apart).
    /// </summary>
    Task<string> ParseAsync(string sql, CancellationToken cancellationToken);

    /// <summary>
    /// json_serialize_plan over the text on an empty instance holding only the tables of the DDL; JSON with "error":true when it
    /// does not bind. Call only after the parse gate has passed.
    /// </summary>
    Task<string> BindAsync(string schemaDdl, string sql, CancellationToken cancellationToken);
}
