using Npgsql;

namespace CleanRoom.Storage.Ledger.Postgres;

/// <summary>Short forms of commands with bound parameters.</summary>
internal static class PostgresCommands
{
    /// <summary>Makes a command; every value is bound, as $1, $2 and so on.</summary>
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every caller passes a constant, or a name that was checked; values are bound.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var value in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    /// <summary>Runs a command.</summary>
    public static Task ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params ReadOnlySpan<object> parameters) =>
        RunAsync(connection.Command(sql, parameters), static (command, token) => command.ExecuteNonQueryAsync(token), cancellationToken);

    /// <summary>Returns the first value of the first row; default when there is none.</summary>
    public static Task<T?> ScalarAsync<T>(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params ReadOnlySpan<object> parameters) =>
        RunAsync(
            connection.Command(sql, parameters),
            static async (command, token) => await command.ExecuteScalarAsync(token) is T value ? value : default,
            cancellationToken);

    private static async Task<T> RunAsync<T>(NpgsqlCommand command, Func<NpgsqlCommand, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        await using (command)
        {
            return await run(command, cancellationToken);
        }
    }
}
