using DuckDB.NET.Data;

namespace CleanRoom.Engine.Tests.Datasets;

/// <summary>A file that goes away with the test, and what DuckDB reads in it; it tells Parquet by the end of the name.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public string FullName { get; } = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".parquet");

    /// <summary>Runs SQL, in which <c>{file}</c> stands for the file, and returns every row as text.</summary>
    public List<string?[]> Query(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql.Replace("{file}", $"'{FullName}'", StringComparison.Ordinal);
        using var reader = command.ExecuteReader();
        var rows = new List<string?[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : Text(reader.GetValue(i)))]);
        }

        return rows;
    }

    public void Dispose() => File.Delete(FullName);

    private static string? Text(object value) => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture);
}
