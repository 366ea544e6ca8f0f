using System.Collections.Immutable;
using CleanRoom.Policy.Gate;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Policy.Tests.Generation;

/// <summary>What an ingest measures of the tables of <see cref="RandomTable"/>, and a contract that says no more than holds for them.</summary>
internal static class MeasuredTables
{
    /// <summary>More than any group needs.</summary>
    public const long ManyRows = 1_000_000;

    /// <summary>A statement about a dataset.</summary>
    public static IngestStatement Statement(string dataset, long maxRowsPerUnit, long rows = ManyRows, bool everyRowHasUnit = false) => new()
    {
        Collaboration = new string('0', 64),
        Dataset = dataset,
        ManifestDigest = Digest.Of([]),
        Derived = [],
        Accepted = true,
        Rows = rows,
        MaxRowsPerUnit = maxRowsPerUnit,
        EveryRowHasUnit = everyRowHasUnit,
        ReportCommitment = Digest.Of([]),
    };

    /// <summary>The statements: NULL and sentinels are nobody. Rows are said to be many, so that it is the caps that decide.</summary>
    public static ImmutableArray<IngestStatement> Statements(ImmutableArray<CellValue>[][] tables, int unit) =>
    [
        .. RandomTableEngine.Datasets.Select((dataset, index) =>
        {
            var people = tables[index].Select(row => row[unit]).Where(value => !IsNobody(unit, value)).ToList();
            return Statement(dataset, people.GroupBy(value => value).Select(group => group.LongCount()).DefaultIfEmpty(0).Max(), everyRowHasUnit: people.Count == tables[index].Length);
        }),
    ];

    /// <summary>What is unique in the data, and what is never NULL.</summary>
    public static Contract Contract(ImmutableArray<CellValue>[][] tables) => Of(
        [.. RandomTableEngine.Datasets.Select(dataset => (dataset.Split('.')[0], dataset.Split('.')[1]))],
        _ => [.. RandomTable.Columns.Select(column => column.Name)],
        (dataset, column) => Values(tables[dataset], column).Where(value => value is not CellValue.Null).ToList() is var values && values.Distinct().Count() == values.Count,
        (dataset, column) => Values(tables[dataset], column).Any(value => value is CellValue.Null));

    /// <summary>A contract of datasets.</summary>
    public static Contract Of(
        ImmutableArray<(string Owner, string Name)> datasets, Func<int, IEnumerable<string>> columns, Func<int, string, bool> isUnique, Func<int, string, bool> isNullable)
    {
        var contract = TestContracts.First;
        return contract with
        {
            Datasets =
            [
                .. datasets.Select((dataset, index) => contract.Datasets[0] with
                {
                    Owner = dataset.Owner,
                    Name = dataset.Name,
                    Schema = [.. columns(index).Select(column => new SchemaColumn { Name = column, Nullable = isNullable(index, column), Unique = isUnique(index, column) })],
                }),
            ],
        };
    }

    /// <summary>Says whether a value of a column stands for nobody.</summary>
    public static bool IsNobody(int column, CellValue value) => value is CellValue.Null || RandomTable.Columns[column].Type switch
    {
        ColumnType.Int32 or ColumnType.Int64 => value is CellValue.Number { Unscaled.IsZero: true },
        ColumnType.String => value.ToString() is "" or "0",
        ColumnType.Uuid => value.ToString() == Guid.Empty.ToString(),
        ColumnType.Sha256 => value.ToString() is { } hash && (hash.Trim('0').Length == 0 || hash.StartsWith("e3b0c442", StringComparison.Ordinal)),
        _ => false,
    };

    private static IEnumerable<CellValue> Values(ImmutableArray<CellValue>[] rows, string column)
    {
        var place = RandomTable.Columns.IndexOf(RandomTable.Columns.Single(one => one.Name == column));
        return rows.Select(row => row[place]);
    }
}
