using CleanRoom.Engine.Running;
using DuckDB.NET.Data;

namespace CleanRoom.Engine.Child;

/// <summary>Parses and binds SQL text that an analyst wrote; nothing is executed but the two serialising functions.</summary>
/// <remarks>
/// Binding has side effects, so each text gets a fresh instance that holds only the DDL's empty tables, with no file
/// system and a locked configuration. The caller keeps a clock over it and kills the process.
/// </remarks>
internal static class SqlText
{
    /// <summary>Returns what <c>json_serialize_sql</c> says of the text.</summary>
    public static EngineReply<string> Parse(string sql, long memoryBytes) => Ask("SELECT json_serialize_sql($1::VARCHAR)", ddl: "", sql, memoryBytes);

    /// <summary>Returns what <c>json_serialize_plan</c> says of the text on the DDL's empty tables.</summary>
    public static EngineReply<string> Bind(string ddl, string sql, long memoryBytes) =>
        Ask("SELECT json_serialize_plan($1::VARCHAR)", ddl, sql, memoryBytes);

    private static EngineReply<string> Ask(string question, string ddl, string sql, long memoryBytes)
    {
        using var connection = EngineProfile.Open();
        try
        {
            if (ddl.Length > 0)
            {
                EngineProfile.Execute(connection, ddl);
            }
        }
        catch (DuckDBException exception)
        {
            return new EngineFailure(EngineFailureKind.Schema, exception.Message);
        }

        EngineProfile.Lock(connection, memoryBytes, threads: 1, []);
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = question;
            command.Parameters.Add(new DuckDBParameter(sql));
            return EngineReply<string>.Of((string)command.ExecuteScalar()!);
        }
        catch (DuckDBException exception)
        {
            return EngineReply<string>.From(exception);
        }
    }
}
