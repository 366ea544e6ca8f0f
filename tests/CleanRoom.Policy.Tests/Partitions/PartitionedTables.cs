using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Partitions;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Generation;
using CleanRoom.Privacy.History;
using DuckDB.NET.Data;

namespace CleanRoom.Policy.Tests.Partitions;

/// <summary>An engine with the partitions of the datasets of <see cref="RandomTableEngine"/>, split by the hash of a column.</summary>
internal sealed class PartitionedTables : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");
    private readonly ImmutableDictionary<string, int> _counts;

    /// <summary>Loads rows.</summary>
    /// <param name="tables">The rows of each dataset.</param>
    /// <param name="unit">The place of the column that rows are split by.</param>
    /// <param name="counts">The number of partitions of each dataset: powers of two.</param>
    public PartitionedTables(ImmutableArray<CellValue>[][] tables, int unit, ImmutableDictionary<string, int> counts)
    {
        _connection.Open();
        _counts = counts;
        for (var i = 0; i < tables.Length; i++)
        {
            var count = counts[RandomTableEngine.Datasets[i]];
            for (var partition = 0; partition < count; partition++)
            {
                Load($"r{i}_{partition}", [.. tables[i].Where((row, index) => PartitionOf(row[unit], index, count) == partition)]);
            }
        }
    }

    /// <summary>Returns the rows of one run over everything: what there would be without partitions.</summary>
    public ImmutableArray<ImmutableArray<CellValue>> Whole(QueryPlan plan, ImmutableArray<byte> salt) => Whole(plan, salt, StoredFacts.None);

    /// <summary>Returns the rows of one run over everything, when something is known of the rows.</summary>
    public ImmutableArray<ImmutableArray<CellValue>> Whole(QueryPlan plan, ImmutableArray<byte> salt, StoredFacts facts) =>
        Read(plan, SqlGenerator.Generate(plan, OfWhole(plan, salt) with { Facts = facts }).Text);

    /// <summary>Returns the rows of one run over everything that counts rows where people would be counted.</summary>
    public ImmutableArray<ImmutableArray<CellValue>> WholeByRows(QueryPlan plan, StoredFacts facts) =>
        Read(plan, SqlGenerator.Generate(plan, OfWhole(plan, []) with { CountsRows = true, Facts = facts }).Text);

    /// <summary>Returns the rows of each run.</summary>
    public ImmutableArray<ImmutableArray<ImmutableArray<CellValue>>> Parts(QueryPlan plan, PlanPartitions partitions, ImmutableArray<byte> salt) =>
    [
        .. Enumerable.Range(0, partitions.Runs).Select(run =>
            Read(plan, SqlGenerator.Generate(plan, Options(plan, salt, isPartial: true, dataset => partitions.Read(run, dataset, _counts[dataset]))).Text)),
    ];

    public void Dispose() => _connection.Dispose();

    private static int PartitionOf(CellValue unit, int row, int count) => unit is CellValue.Null
        ? row % count
        : (int)(((UInt128)BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(unit.ToString()!))) * (UInt128)count) >> 64);

    private static GenerationOptions Options(QueryPlan plan, ImmutableArray<byte> salt, bool isPartial, Func<string, IEnumerable<int>> read)
    {
        var columns = PlanColumns.Of(plan);
        var parts = columns.Keys.ToImmutableSortedDictionary(
            dataset => dataset,
            dataset => read(dataset).Select(partition => string.Create(CultureInfo.InvariantCulture, $"r{RandomTableEngine.Datasets.IndexOf(dataset)}_{partition}")).ToImmutableArray(),
            StringComparer.Ordinal);
        return new GenerationOptions
        {
            Relations = parts.ToImmutableSortedDictionary(part => part.Key, part => JoinedParts.Relation(part.Value, columns[part.Key]), StringComparer.Ordinal),
            Parts = parts,
            IsPartial = isPartial,
            Salt = salt,
        };
    }

    private GenerationOptions OfWhole(QueryPlan plan, ImmutableArray<byte> salt) => Options(plan, salt, isPartial: false, dataset => Enumerable.Range(0, _counts[dataset]));

    private void Load(string relation, ImmutableArray<ImmutableArray<CellValue>> rows)
    {
        foreach (var sql in RandomTable.Load(relation, rows))
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    private ImmutableArray<ImmutableArray<CellValue>> Read(QueryPlan plan, string sql)
    {
        var layout = GeneratedLayout.Of(plan);
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({sql})";
        using var reader = command.ExecuteReader();
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<CellValue>>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, layout.Length).Select(i => reader.IsDBNull(i) ? CellValue.Null.Instance : Cell(layout[i], reader.GetString(i)))]);
        }

        return rows.ToImmutable();
    }

    private static CellValue Cell(GeneratedColumn column, string text) =>
        column.Kind is GeneratedKind.UnitNumbers or GeneratedKind.ContributorNumbers
            ? new CellValue.People(UnitSet.Of([.. text.Trim('[', ']').Split(", ").Select(number => uint.Parse(number, CultureInfo.InvariantCulture))]))
            : RandomTable.Parse(new PlanColumn(0, column.Name, column.Type.Type, column.Type.Scale), text);
}
