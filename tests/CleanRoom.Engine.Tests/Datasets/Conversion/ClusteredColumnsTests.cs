using System.Globalization;
using System.Text;
using CleanRoom.Datasets.Conversion;
using CleanRoom.Datasets.Conversion.Clustering;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;
using CsCheck;

namespace CleanRoom.Engine.Tests.Datasets.Conversion;

/// <summary>Columns of a derived file with the rows of each person beside each other: the same rows, and no other column.</summary>
public sealed class ClusteredColumnsTests
{
    private const long Much = 1L << 30;

    private static readonly Dataset _all = DatasetContracts.Of(
        new DatasetColumn("id", ColumnType.Int64),
        new DatasetColumn("small", ColumnType.Int32),
        new DatasetColumn("exact", ColumnType.Decimal),
        new DatasetColumn("word", ColumnType.String) { Nullable = false },
        new DatasetColumn("yes", ColumnType.Boolean),
        new DatasetColumn("hash", ColumnType.Sha256),
        new DatasetColumn("secret", ColumnType.String));

    [Theory]
    [InlineData("id")]
    [InlineData("small")]
    [InlineData("word")]
    [InlineData("hash")]
    public async Task Arrange_any_rows_stay_the_same_and_those_of_a_person_come_together(string unit)
    {
        var row = Gen.Select(Gen.Int[-3, 9], Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[0, 5]);
        await row.Array[1, 200].SampleAsync(async rows => await CheckAsync([.. rows.Select(cells => Line(cells.Item1, cells.Item2, cells.Item3, cells.Item4))], unit), iter: Tier.Cases(15, 500));
    }

    [Fact]
    public async Task Arrange_several_row_groups_stay_the_same()
    {
        var rows = Enumerable.Range(0, ParquetConverter.RowGroupRows + 5).Select(i => Line((i * 7919) % 1_000, i % 5, i % 4, i % 6)).ToList();

        (await CheckAsync(rows, "id")).Should().BeTrue();
    }

    [Fact]
    public async Task Arrange_more_than_there_is_memory_for_gives_nothing()
    {
        var parquet = await IngestAsync([.. Enumerable.Range(0, 1_000).Select(i => Line(i, 1, 1, 1))]);

        (await ClusteredColumns.ArrangeAsync(new MemoryStream(parquet), ["id"], "id", mostBytes: 20_000, Token)).Should().BeNull();
        using var enough = await ClusteredColumns.ArrangeAsync(new MemoryStream(parquet), ["id"], "id", mostBytes: 40_000, Token);
        enough.Should().NotBeNull();
    }

    [Fact]
    public async Task Arrange_what_no_ingest_wrote_gives_nothing()
    {
        (await ClusteredColumns.ArrangeAsync(new MemoryStream(new byte[100]), ["id"], "id", Much, Token)).Should().BeNull();
        (await ClusteredColumns.ArrangeAsync(new MemoryStream(await IngestAsync([Line(1, 1, 1, 1)])), ["id", "none"], "id", Much, Token)).Should().BeNull();
    }

    [Fact]
    public async Task Arrange_is_stopped()
    {
        var parquet = await IngestAsync([Line(1, 1, 1, 1)]);

        await FluentActions.Awaiting(() => ClusteredColumns.ArrangeAsync(new MemoryStream(parquet), ["id"], "id", Much, new CancellationToken(canceled: true)))
            .Should().ThrowAsync<OperationCanceledException>();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Line(int id, int small, int word, int hash) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(id == 9 ? string.Empty : id + 20)},{(small == 0 ? string.Empty : small)},{(id == 1 ? string.Empty : $"{id}.5")},word {word},{(word == 1 ? string.Empty : word == 2 ? "true" : "false")},{(hash == 0 ? string.Empty : new string((char)('a' + hash), 64))},hidden");

    private static async Task<bool> CheckAsync(List<string> rows, string unit)
    {
        var parquet = await IngestAsync(rows);
        string[] names = ["id", "small", "exact", "word", "yes", "hash"];
        using var touched = new TouchedColumns(parquet, names);
        using var source = new FileStream(touched.Path, FileMode.Open, FileAccess.Read);
        using var arranged = await ClusteredColumns.ArrangeAsync(source, [.. names], unit, Much, Token);
        var copy = new byte[arranged!.Length];
        arranged.CopyTo((at, length) => copy.AsMemory((int)at, length));
        using var file = new TemporaryFile();
        await File.WriteAllBytesAsync(file.FullName, copy, Token);

        var columns = string.Join(", ", names.Select(name => name == "hash" ? "hex(hash)" : $"{name}::varchar"));
        var read = file.Query($"select {columns} from {{file}}").Select(row => string.Join('|', row)).ToList();
        read.Order(StringComparer.Ordinal).Should().Equal(
            TouchedColumns.Query($"select {columns} from {touched.Relation}").Select(row => string.Join('|', row)).Order(StringComparer.Ordinal));
        file.Query("select distinct path_in_schema from parquet_metadata({file})").Select(row => row[0]).Should().BeEquivalentTo(names);
        var people = file.Query($"select coalesce({(unit == "hash" ? "hex(hash)" : unit)}::varchar, 'nobody') from {{file}}").Select(row => row[0]).ToList();
        people.Where((person, index) => index == 0 || people[index - 1] != person).Should().OnlyHaveUniqueItems("nobody's rows are in two places");
        return true;
    }

    private static async Task<byte[]> IngestAsync(List<string> rows)
    {
        var output = new MemoryStream();
        var contract = _all with { Policy = _all.Policy with { Join = _all.Policy.Join with { MaxRowsPerUnit = 1_000_000 } } };
        var outcome = await DatasetIngest.RunAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', rows.Prepend("id,small,exact,word,yes,hash,secret")))), contract, PlainIdentifiers.Instance, output, progress: null, Token);
        outcome.Report.Problems.Should().BeEmpty();
        return output.ToArray();
    }
}
