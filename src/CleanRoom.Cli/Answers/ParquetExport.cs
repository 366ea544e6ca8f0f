using System.Globalization;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using CleanRoom.Protocol;
using DuckDB.NET.Data;

namespace CleanRoom.Cli.Answers;

/// <summary>An answer as a Parquet file with the same columns and types. contracts/decisions/0014 says why DuckDB writes it.</summary>
internal static class ParquetExport
{
    /// <summary>Converts the payload of an opened answer, in a database that lives in memory and for this call.</summary>
    /// <param name="arrowIpc">An Arrow IPC stream.</param>
    /// <returns>The file's bytes, or <see cref="RefusalCode.StorageFailed"/> when there is no room for it.</returns>
    public static Result<byte[]> Of(ReadOnlyMemory<byte> arrowIpc)
    {
        var table = ArrowTable.Read(arrowIpc);
        var types = TypesOf(arrowIpc);
        using var folder = new PrivateFolder();
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        var columns = Enumerable.Range(0, types.Count).Select(i => $"c{i.ToString(CultureInfo.InvariantCulture)}").ToList();
        Execute(connection, $"CREATE TABLE answer ({string.Join(", ", columns.Select(column => $"{column} VARCHAR"))})");
        Append(connection, table);
        var shown = columns.Select((column, i) => $"CAST({column} AS {types[i]}) AS {Quoted('"', table.Columns[i])}");
        try
        {
            Execute(connection, $"COPY (SELECT {string.Join(", ", shown)} FROM answer) TO {Quoted('\'', folder.File)} (FORMAT parquet)");
            return File.ReadAllBytes(folder.File);
        }
        catch (Exception full) when (full is IOException or DuckDBException)
        {
            return new Refusal(RefusalCode.StorageFailed, "room for a file in the temporary folder", full.GetType().Name);
        }
    }

    private static List<string> TypesOf(ReadOnlyMemory<byte> arrowIpc)
    {
        using var reader = new ArrowStreamReader(arrowIpc);
        return
        [
            .. reader.Schema.FieldsList.Select(field => field.DataType switch
            {
                BooleanType => "BOOLEAN",
                Int32Type => "INTEGER",
                Int64Type => "BIGINT",
                Decimal128Type type => string.Create(CultureInfo.InvariantCulture, $"DECIMAL({type.Precision}, {type.Scale})"),
                StringType => "VARCHAR",
                Date32Type => "DATE",
                TimestampType => "TIMESTAMP",
                var other => throw new InvalidDataException($"wanted a type that answers have; got {other.Name}"),
            }),
        ];
    }

    private static void Append(DuckDBConnection connection, ArrowTable table)
    {
        using var appender = connection.CreateAppender("answer");
        foreach (var row in table.Rows)
        {
            var record = appender.CreateRow();
            foreach (var cell in row)
            {
                if (cell is null)
                {
                    record.AppendNullValue();
                }
                else
                {
                    record.AppendValue(cell);
                }
            }

            record.EndRow();
        }
    }

    /// <summary>The only texts in a statement that are not this file's own: column names of an answer, and a path.</summary>
    private static string Quoted(char quote, string text) => $"{quote}{text.Replace($"{quote}", $"{quote}{quote}", StringComparison.Ordinal)}{quote}";

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>A temporary folder for its owner alone, gone with what is in it.</summary>
    private sealed class PrivateFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cleanroom-");

        public string File => Path.Combine(_folder.FullName, "answer.parquet");

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
