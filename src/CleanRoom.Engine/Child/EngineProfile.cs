using DuckDB.NET.Data;

namespace CleanRoom.Engine.Child;

/// <summary>The settings that close a DuckDB instance in the order in which they still can be set, the lock last.</summary>
/// <remarks>
/// With an in-memory main database <c>ATTACH ':memory:'</c>, temporary tables and variables stay possible after the lock. They reach
/// nothing outside the instance, and an instance serves one query.
/// </remarks>
internal static class EngineProfile
{
    private static readonly string[] Closing =
    [
        "SET temp_directory=''",
        "SET max_temp_directory_size='0GB'",
        "SET autoinstall_known_extensions=false",
        "SET autoload_known_extensions=false",
        "SET allow_community_extensions=false",
        "SET allow_unsigned_extensions=false",
        "SET allow_persistent_secrets=false",
        "SET enable_progress_bar=true",
        "SET enable_progress_bar_print=false",
        "SET allowed_directories=[]",
    ];

    /// <summary>Applies the profile; only the given paths can be read from then on.</summary>
    /// <param name="connection">A fresh in-memory instance.</param>
    /// <param name="memoryBytes">DuckDB's own memory limit.</param>
    /// <param name="threads">Number of threads, from 1.</param>
    /// <param name="allowedPaths">Files that stay readable, as <c>/proc/self/fd/N</c>; none for parsing and binding.</param>
    public static void Lock(DuckDBConnection connection, long memoryBytes, int threads, IReadOnlyCollection<string> allowedPaths)
    {
        Execute(connection, $"SET threads={threads}");
        Execute(connection, $"SET memory_limit='{memoryBytes}B'");
        foreach (var setting in Closing)
        {
            Execute(connection, setting);
        }

        Execute(connection, $"SET allowed_paths=[{string.Join(", ", allowedPaths.Select(path => $"'{path}'"))}]");
        Execute(connection, "SET enable_external_access=false");
        if (allowedPaths.Count == 0)
        {
            Execute(connection, "SET disabled_filesystems='LocalFileSystem'");
        }

        Execute(connection, "SET lock_configuration=true");
    }

    /// <summary>Runs statements whose result nobody needs.</summary>
    public static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        _ = command.ExecuteNonQuery();
    }

    /// <summary>Opens an in-memory instance of its own.</summary>
    public static DuckDBConnection Open()
    {
        var connection = new DuckDBConnection("DataSource=:memory:;threads=1");
        connection.Open();
        return connection;
    }
}
