using CleanRoom.Engine.Loading;
using CleanRoom.Engine.Memory;
using CleanRoom.Engine.ParquetFormat;
using CleanRoom.Engine.Tests.Support;
using CsCheck;
using DuckDB.NET.Data;

namespace CleanRoom.Engine.Tests.Loading;

/// <summary>Row groups that no row within the bounds can be in are neither read nor in the file that an engine gets.</summary>
public class NarrowedInputTests(EngineFixture engine)
{
    private const int Rows = 20_000;
    private const int RowsOfGroup = 2_048;

    // Ascending, scattered, with groups of NULL alone, and a type of fewer bytes.
    private static readonly byte[] _file = ParquetBytes.Of(
        "SELECT range AS id, (range * 7919) % 20000 AS scattered, CASE WHEN range // 2048 % 2 = 0 THEN range - 10000 END AS gappy, "
        + $"(DATE '2020-01-01' + (range // 100)::INTEGER) AS day, (range * 0.25)::DECIMAL(12, 2) AS v FROM range({Rows})");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LoadAsync_within_readsOneRowGroupInTen()
    {
        var source = new BytesSource(_file);
        var loaded = await LoadAsync(source, new ColumnWithin("id", 4_096, 6_143));
        using var file = loaded.File;

        loaded.IsWhole.Should().BeFalse();
        var groups = FooterOf(_file, _file.Length).Groups;
        groups.Should().HaveCount(10);
        foreach (var (group, number) in groups.Select((group, number) => (group, number)))
        {
            foreach (var pages in group.Chunks.Where(chunk => chunk.Column is "id" or "v").Select(chunk => chunk.Pages))
            {
                file.Read(pages.Offset, (int)pages.Length).ContainsAnyExcept((byte)0).Should().Be(number == 2, $"row group {number}");
            }
        }

        FooterOf(file.Read(0, (int)file.Length), file.Length).Groups.Should().ContainSingle().Which.Rows.Should().Be(RowsOfGroup);
        Ask(file, "SELECT count(*), min(id), max(id), sum(v) FROM {0}").Should().Equal(2_048L, 4_096L, 6_143L, Enumerable.Range(4_096, 2_048).Sum(id => id * 0.25m));
    }

    [Theory]
    [InlineData("id", -5, -1)]
    [InlineData("id", 30_000, long.MaxValue)]
    public async Task LoadAsync_withinWhatIsNotThere_isAFileWithoutRows(string column, long least, long greatest)
    {
        var loaded = await LoadAsync(new BytesSource(_file), new ColumnWithin(column, least, greatest));
        using var file = loaded.File;

        Ask(file, "SELECT count(*), sum(v) FROM {0} WHERE id < 30000").Should().Equal(0L, null);
    }

    [Theory]
    [InlineData("id", long.MinValue, long.MaxValue)]
    [InlineData("scattered", 100, 200)]
    [InlineData("v", 0, 1)]
    public async Task LoadAsync_withinWhatAllRowGroupsHaveOrNobodyKnows_isTheWholeFile(string column, long least, long greatest)
    {
        // DuckDB writes a decimal of 12 digits as a whole number: its bounds are those of what is stored.
        var loaded = await LoadAsync(new BytesSource(_file), column == "v" ? new ColumnWithin("nowhere", least, greatest) : new ColumnWithin(column, least, greatest));
        using var file = loaded.File;

        loaded.IsWhole.Should().BeTrue();
    }

    [Fact]
    public void LoadAsync_anyBounds_giveTheAnswerOfTheWholeFile()
    {
        (string Name, int Least, int Greatest, string Sql)[] columns =
        [
            ("id", -100, Rows + 100, "id"), ("gappy", -11_000, 11_000, "gappy"), ("scattered", -100, Rows + 100, "scattered"),
            ("day", 18_200, 18_600, "(day - DATE '1970-01-01')"), ("v", -100, 600_000, "(v * 100)::BIGINT"),
        ];
        Gen.Int[0, columns.Length - 1].SelectMany(column => Gen.Select(Gen.Int[columns[column].Least, columns[column].Greatest], Gen.Int[0, 8_000], (least, width) => (Column: columns[column], Least: least, Width: width)))
            .Array[1, 2].Sample(
            bounds =>
            {
                var within = bounds.Select(bound => new ColumnWithin(bound.Column.Name, bound.Least, bound.Least + bound.Width)).ToArray();
                var where = string.Join(" AND ", bounds.Select(bound => FormattableString.Invariant($"{bound.Column.Sql} BETWEEN {bound.Least} AND {bound.Least + bound.Width}")));
                using var whole = LoadAsync(new BytesSource(_file)).GetAwaiter().GetResult().File;
                using var narrowed = LoadAsync(new BytesSource(_file), within).GetAwaiter().GetResult().File;
                var sql = "SELECT count(*), count(gappy), sum(v), min(id), max(id), min(day) FROM {0} WHERE " + where;
                Ask(narrowed, sql).Should().Equal(Ask(whole, sql), where);
            },
            iter: 200,
            threads: 1);
    }

    private async Task<LoadedColumns> LoadAsync(ISealedSource source, params ColumnWithin[] within) =>
        (await EngineInputLoader.LoadAsync([source], ["id", "scattered", "gappy", "day", "v"], within, engine.Pool, Cancellation)).Value;

    private static ParquetFooter FooterOf(ReadOnlySpan<byte> file, long length)
    {
        var located = ParquetFooter.Locate(file[^ParquetFooter.TailBytes..], length).Value;
        return ParquetFooter.Parse(file.Slice((int)located.Offset, (int)located.Length), located.Offset).Value;
    }

    private static List<object?> Ask(AnonymousFile file, string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        using var descriptor = file.OpenForReading();
        command.CommandText = sql.Replace("{0}", $"read_parquet('/proc/self/fd/{descriptor.DangerousGetHandle()}')", StringComparison.Ordinal);
        using var reader = command.ExecuteReader();
        reader.Read().Should().BeTrue();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i) is System.Numerics.BigInteger whole ? (object)(long)whole : reader.GetValue(i))];
    }
}
