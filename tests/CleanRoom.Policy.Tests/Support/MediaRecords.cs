using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
using CleanRoom.Policy.Binding;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.History;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using DuckDB.NET.Data;

namespace CleanRoom.Policy.Tests.Support;

/// <summary>Invented records under the media contract, always the same, in an engine of this process.</summary>
internal sealed class MediaRecords : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public MediaRecords()
    {
        _connection.Open();
        Run(SchemaDdl.For(Examples.Media));
        Run("""
            INSERT INTO brand.customers SELECT 'u' || i, sha256('m' || (i % 37)), ['north', 'south', 'east', 'x'][1 + i % 4], ['a', 'b', 'z', NULL][1 + (i // 4) % 4],
                15 + (i * 7) % 60, CASE WHEN i % 11 = 0 THEN NULL ELSE (i * 317 % 90000) / 100 END, i % 3 = 0 FROM range(80) t(i);
            INSERT INTO brand.orders SELECT 'o' || i, 'u' || (i * 13 % 71), ['s1', 's2', 's3'][1 + i % 3], CASE WHEN i % 7 = 0 THEN NULL ELSE (i * 911 % 5000) / 100 END,
                TIMESTAMP '2025-12-25 06:30:00' + INTERVAL 1 HOUR * (i * 37) FROM range(150) t(i);
            INSERT INTO pub.impressions SELECT 'u' || (i * 7 % 91), sha256('m' || (i * 7 % 41)), ['c1', 'c2', 'c3', 'c4'][1 + i % 4], ['ios', 'web', 'tv'][1 + (i // 5) % 3],
                TIMESTAMP '2025-12-28 00:00:00' + INTERVAL 1 HOUR * (i * 29), CASE WHEN i % 13 = 0 THEN NULL ELSE (i % 97) / 64 END, 'n' || i FROM range(240) t(i);
            INSERT INTO agency.seeds SELECT 'u' || (i * 2), sha256('m' || (i * 2)), ['a', 'b', 'c'][1 + i % 3] FROM range(30) t(i);
            """);
    }

    /// <summary>Other records: the rows of every dataset.</summary>
    public MediaRecords(IReadOnlyDictionary<string, ImmutableArray<CellValue>[]> rows)
    {
        _connection.Open();
        Run(SchemaDdl.For(Examples.Media));
        foreach (var (dataset, values) in rows.Where(pair => pair.Value.Length > 0))
        {
            Run($"INSERT INTO {dataset} VALUES {string.Join(", ", values.Select(row => $"({string.Join(", ", row.Select(Sql))})"))}");
        }
    }

    /// <summary>The media contract with thresholds that withhold nothing.</summary>
    public static Contract Open { get; } = Examples.MediaWith(json =>
    {
        for (var i = 0; i < 4; i++)
        {
            json.Policy(i)["threshold"]!.Set("minUnits", "1");
        }
    });

    /// <summary>Executes a text as it is; the rows in their order, numbers with four digits after the point.</summary>
    public List<string> Execute(string sql) => Read(sql, (reader, column) => reader.IsDBNull(column) ? "null" : Text(reader.GetValue(column)));

    /// <summary>Executes a plan and lets its rows through the gate.</summary>
    public List<string> Release(QueryPlan plan) => [.. Released(plan).Select(row => string.Join(" | ", row.Select(Text)))];

    /// <summary>Executes a plan and lets its rows through the gate.</summary>
    public ImmutableArray<ImmutableArray<CellValue>> Released(QueryPlan plan)
    {
        var relations = plan.Tables.Select(table => table.Dataset).Distinct()
            .ToImmutableSortedDictionary(name => name, name => name, StringComparer.Ordinal);
        var sql = SqlGenerator.Generate(plan, new GenerationOptions { Relations = relations });
        var rows = Read(sql.Text, (reader, column) => Cell(sql.Columns[column], reader.IsDBNull(column) ? null : reader.GetValue(column)), cells => cells);
        return plan.History is { } history
            ? HistoryGate.Apply(plan, rows, [.. history.Datasets.Zip(HistoryGate.Units(plan, rows), Forgetful)]).Value.Rows
            : ThresholdGate.Apply(plan, rows).Rows;
    }

    /// <summary>A history that withholds nothing: any set differs from another by one person at least.</summary>
    private static Privacy.History.HistoryRule Forgetful(AuditedDataset dataset, int units) =>
        new(new HistoryAudit(new HistoryScope("room", "person-v1", Digest.Of(Encoding.UTF8.GetBytes(dataset.Name)), ["everybody"]), units), MinUnits: 1, int.MaxValue);

    /// <summary>Takes the values of every column away that is not named, and the rows of datasets without a name.</summary>
    public void Forget(ICollection<string> keep)
    {
        foreach (var dataset in Examples.Media.Datasets)
        {
            foreach (var column in dataset.Schema.Where(column => !keep.Contains($"{dataset.SqlName}.{column.Name}")))
            {
                Run($"UPDATE {dataset.SqlName} SET {column.Name} = NULL");
            }

            if (!keep.Any(name => name.StartsWith(dataset.SqlName + ".", StringComparison.Ordinal)))
            {
                Run($"DELETE FROM {dataset.SqlName}");
            }
        }
    }

    public void Dispose() => _connection.Dispose();

    private static string Text(object value) => value switch
    {
        CellValue.Number number => decimal.Round(decimal.Parse(number.ToString(), CultureInfo.InvariantCulture), 4).ToString("0.0000", CultureInfo.InvariantCulture),
        CellValue cell => cell.ToString()!,
        DateTime moment => new CellValue.Timestamp(moment).ToString(),
        string text => text,
        BigInteger whole => ((decimal)whole).ToString("0.0000", CultureInfo.InvariantCulture),
        IConvertible number => decimal.Round(number.ToDecimal(CultureInfo.InvariantCulture), 4).ToString("0.0000", CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"wanted a value of an answer, got {value.GetType()}"),
    };

    private static CellValue Cell(GeneratedColumn column, object? value) => value switch
    {
        null => CellValue.Null.Instance,
        string text => new CellValue.Text(text),
        bool truth => new CellValue.Boolean(truth),
        DateTime moment => new CellValue.Timestamp(moment),
        BigInteger whole => new CellValue.Number(whole, 0),
        decimal number => new CellValue.Number(new BigInteger(number * (decimal)BigInteger.Pow(10, column.Type.Scale)), column.Type.Scale),
        List<uint> numbers => new CellValue.People(UnitSet.Of([.. numbers])),
        IConvertible number => new CellValue.Number(number.ToInt64(CultureInfo.InvariantCulture), 0),
        _ => throw new InvalidOperationException($"wanted a value of {column.Name}, got {value.GetType()}"),
    };

    private static string Sql(CellValue value) =>
        value is CellValue.Null ? "NULL" : $"'{value.ToString()!.Replace("'", "''", StringComparison.Ordinal)}'";

    private List<string> Read(string sql, Func<System.Data.IDataRecord, int, string> cell) => Read(sql, cell, cells => string.Join(" | ", cells));

    private List<TRow> Read<TCell, TRow>(string sql, Func<System.Data.IDataRecord, int, TCell> cell, Func<ImmutableArray<TCell>, TRow> row)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<TRow>();
        while (reader.Read())
        {
            rows.Add(row([.. Enumerable.Range(0, reader.FieldCount).Select(column => cell(reader, column))]));
        }

        return rows;
    }

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
