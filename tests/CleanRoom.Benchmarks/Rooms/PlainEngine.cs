using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>DuckDB as anybody would use it, in this process, with as many threads as there are processors: what ours is compared with.</summary>
internal sealed class PlainEngine : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public PlainEngine()
    {
        _connection.Open();
        Execute(string.Create(CultureInfo.InvariantCulture, $"SET threads={Environment.ProcessorCount}"));
        Execute("SET preserve_insertion_order=true");
    }

    /// <summary>Runs a statement whose rows nobody needs.</summary>
    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        _ = command.ExecuteNonQuery();
    }

    /// <summary>Runs a query, reads every cell, and returns the rows as text and how long it took.</summary>
    public (List<string[]> Rows, TimeSpan Took) Ask(string sql)
    {
        var began = Stopwatch.GetTimestamp();
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture) ?? string.Empty)]);
        }

        return (rows, Stopwatch.GetElapsedTime(began));
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();
}
