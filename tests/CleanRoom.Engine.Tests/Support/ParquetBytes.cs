using DuckDB.NET.Data;

namespace CleanRoom.Engine.Tests.Support;

/// <summary>Parquet files that DuckDB writes, as bytes.</summary>
internal static class ParquetBytes
{
    /// <summary>20,000 rows in row groups of 2,048: id, a group of seven, an exact value, and a long text that no query should need.</summary>
    public static byte[] People() => Of(
        "SELECT range AS id, 'g' || (range % 7) AS g, (range * 0.25)::DECIMAL(12, 2) AS v, 'secret-' || md5(range::VARCHAR) AS secret "
        + "FROM range(20000)");

    /// <summary>Writes the rows of a query.</summary>
    public static byte[] Of(string sql, string options = "ROW_GROUP_SIZE 2048")
    {
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".parquet");
        try
        {
            Query($"COPY ({sql}) TO '{path}' (FORMAT PARQUET, {options})");
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Asks DuckDB about a file.</summary>
    public static List<object?[]> Describe(byte[] parquet, Func<string, string> sqlOverPath)
    {
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".parquet");
        try
        {
            File.WriteAllBytes(path, parquet);
            return Query(sqlOverPath(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static List<object?[]> Query(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<object?[]> rows = [];
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        }

        return rows;
    }
}
