using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;
using DuckDB.NET.Data;

namespace CleanRoom.Policy.Tests.Generation;

/// <summary>An engine with a relation for each dataset of <see cref="RandomPlan"/>.</summary>
internal sealed class RandomTableEngine : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public RandomTableEngine() => _connection.Open();

    public static ImmutableArray<string> Datasets { get; } = ["x.a", "x.b", "y.a", "y.b", "z.own"];

    public static GenerationOptions Options { get; } = new()
    {
        Relations = Datasets.Select((name, index) => KeyValuePair.Create(name, $"r{index}")).ToImmutableSortedDictionary(StringComparer.Ordinal),
    };

    /// <summary>The rows by the names of their datasets.</summary>
    public static Dictionary<string, ImmutableArray<CellValue>[]> ByName(ImmutableArray<CellValue>[][] tables) =>
        Datasets.Zip(tables).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);

    /// <summary>A row with the given values and NULL elsewhere.</summary>
    public static ImmutableArray<CellValue> Row(ImmutableArray<PlanColumn> columns, params (string Name, CellValue Value)[] values) =>
        [.. columns.Select(column => values.FirstOrDefault(value => value.Name == column.Name).Value ?? CellValue.Null.Instance)];

    /// <summary>Replaces all rows.</summary>
    public void Load(ImmutableArray<CellValue>[][] tables)
    {
        for (var i = 0; i < tables.Length; i++)
        {
            foreach (var sql in RandomTable.Load($"r{i}", tables[i]))
            {
                Run(sql);
            }
        }
    }

    /// <summary>Makes many rows of each row of a person.</summary>
    public void Multiply(int dataset, string id, int times) =>
        Run($"INSERT INTO r{dataset} SELECT r{dataset}.* FROM r{dataset}, range({times - 1}) WHERE id = '{id}'");

    /// <summary>Returns the rows of a generated text as lines, in order of their text.</summary>
    public List<string> Read(string sql, QueryPlan plan)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT coalesce(CAST(COLUMNS(*) AS VARCHAR), 'null') FROM ({sql})";
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        var layout = GeneratedLayout.Of(plan);
        while (reader.Read())
        {
            reader.FieldCount.Should().Be(layout.Length);
            lines.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => Trimmed(layout[i].Type.Type, reader.GetString(i)))));
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>Returns the rows of a generated text in the gate's values.</summary>
    public List<ImmutableArray<CellValue>> ReadCells(string sql, QueryPlan plan)
    {
        var layout = GeneratedLayout.Of(plan);
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({sql})";
        using var reader = command.ExecuteReader();
        var rows = new List<ImmutableArray<CellValue>>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, layout.Length).Select(i => reader.IsDBNull(i)
                ? CellValue.Null.Instance
                : RandomTable.Parse(new PlanColumn(0, layout[i].Name, layout[i].Type.Type, layout[i].Type.Scale), reader.GetString(i)))]);
        }

        return rows;
    }

    /// <summary>Returns the first row of a text that answers with a text and a number.</summary>
    public (string Text, long Number) ReadPair(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        reader.Read().Should().BeTrue();
        return (reader.GetString(0), reader.GetInt64(1));
    }

    public void Dispose() => _connection.Dispose();

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    // The engine writes six digits of a fraction, the formats only those that there are.
    private static string Trimmed(ColumnType type, string text) =>
        type == ColumnType.Timestamp && DateTime.TryParse(text, CultureInfo.InvariantCulture, out var moment) ? new CellValue.Timestamp(moment).ToString() : text;
}
