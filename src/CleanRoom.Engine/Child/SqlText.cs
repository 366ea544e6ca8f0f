using CleanRoom.Engine.Running;
using DuckDB.NET.Data;

namespace CleanRoom.Engine.Child;

/// <summary>Parses and binds SQL text that an analyst wrote; nothing is executed but the two serialising functions.</summary>
/// <remarks>
/// Binding has side effects, so each text is bound in a fresh instance that holds only the DDL's empty tables, with no file
/// system and a locked configuration. Parsing has none: texts are parsed in one instance, until one of them fails. Opening an instance takes as long as
/// all the rest, so the next one is opened beside what follows. The caller keeps a clock over it and kills the process.
/// </remarks>
internal sealed class SqlText : IDisposable
{
    private DuckDBConnection? _parser;
    private Task<DuckDBConnection>? _next;

    /// <summary>Returns what <c>json_serialize_sql</c> says of the text.</summary>
    public EngineReply<string> Parse(string sql, long memoryBytes)
    {
        if (_parser is null)
        {
            _parser = EngineProfile.Open();
            EngineProfile.Lock(_parser, memoryBytes, threads: 1, []);
        }

        var parsed = Ask(_parser, "SELECT json_serialize_sql($1::VARCHAR)", sql);
        if (parsed.Value is null)
        {
            // What went wrong may have broken the instance.
            _parser.Dispose();
            _parser = null;
        }

        return parsed;
    }

    /// <summary>Returns what <c>json_serialize_plan</c> says of the text on the DDL's empty tables.</summary>
    public EngineReply<string> Bind(string ddl, string sql, long memoryBytes)
    {
        var connection = _next?.GetAwaiter().GetResult() ?? EngineProfile.Open();
        try
        {
            return Bind(connection, ddl, sql, memoryBytes);
        }
        finally
        {
            _next = Task.Run(() =>
            {
                connection.Dispose();
                return EngineProfile.Open();
            });
        }
    }

    private static EngineReply<string> Bind(DuckDBConnection connection, string ddl, string sql, long memoryBytes)
    {
        try
        {
            EngineProfile.Execute(connection, ddl);
        }
        catch (DuckDBException exception)
        {
            return new EngineFailure(EngineFailureKind.Schema, exception.Message);
        }

        EngineProfile.Lock(connection, memoryBytes, threads: 1, []);
        return Ask(connection, "SELECT json_serialize_plan($1::VARCHAR)", sql);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _parser?.Dispose();
        _next?.GetAwaiter().GetResult().Dispose();
    }

    private static EngineReply<string> Ask(DuckDBConnection connection, string question, string sql)
    {
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
