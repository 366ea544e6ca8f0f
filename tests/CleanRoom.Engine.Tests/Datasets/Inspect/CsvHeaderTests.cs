using System.Collections.Immutable;
using System.Text;
using CleanRoom.Datasets.Inspect;
using CleanRoom.Engine.Tests.EndToEnd;
using CleanRoom.Protocol;

namespace CleanRoom.Engine.Tests.Datasets.Inspect;

/// <summary>A header under other names: the rows behind it are the same bytes.</summary>
public sealed class CsvHeaderTests
{
    private static readonly string _longName = new('n', 200_000);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("id,days\n1,2\n", "1,2\n")]
    [InlineData("id,days\r\n1,2\r\n", "1,2\r\n")]
    [InlineData("\uFEFFid,days\n1,2", "1,2")]
    [InlineData("\"id\",\"days\"\n1,2\n", "1,2\n")]
    [InlineData("\"i\n\"\"d\",days\n1,2\n", "1,2\n")]
    [InlineData("id,days", "")]
    [InlineData("id,days\n", "")]
    [InlineData("id,tage,geschlecht ♀\n\n", "\n")]
    public async Task Rows_begin_where_they_began(string text, string rows)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var header = await ReadAsync(bytes);

        Encoding.UTF8.GetString(bytes.AsSpan((int)header.RowsAt)).Should().Be(rows);
    }

    [Fact]
    public async Task Header_longer_than_any_buffer_is_cut_at_its_end()
    {
        var bytes = Encoding.UTF8.GetBytes($"{_longName},days\n1,2\n3,4\n");
        var header = await ReadAsync(bytes);

        header.Columns.Should().Equal(_longName, "days");
        bytes.AsSpan((int)header.RowsAt).ToArray().Should().Equal("1,2\n3,4\n"u8.ToArray());
    }

    [Theory]
    [InlineData("a,b,c\n1,2,3\n4,5,6\n")]
    [InlineData("\uFEFF\"a\",\"b\",\"c\"\r\n1,\"2\",3\r\n4,5,6")]
    public async Task Renamed_file_has_the_new_names_and_the_rows_that_it_had(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var header = await ReadAsync(bytes);
        var names = new Dictionary<string, string> { ["c"] = "days, in \"all\"", ["a"] = "id" };

        byte[] renamed = [.. header.Renamed(names).Value, .. bytes.AsSpan((int)header.RowsAt)];

        var preview = (await DatasetPreview.ReadAsync(new MemoryStream(renamed), 10, Cancel)).Value;
        preview.Columns.Should().Equal("id", "b", "days, in \"all\"");
        preview.Rows.Select(row => string.Join('|', row)).Should().Equal("1|2|3", "4|5|6");
    }

    [Fact]
    public async Task Names_may_change_places()
    {
        var header = await ReadAsync("a,b\n"u8.ToArray());

        header.Renamed(new Dictionary<string, string> { ["a"] = "b", ["b"] = "a" }).Value.Should().Equal("b,a\n"u8.ToArray());
    }

    [Theory]
    [InlineData("x", "y", "x")]
    [InlineData("a", "b", "b: the name again as column 2")]
    [InlineData("a", " ", "no name for column 1")]
    public async Task Names_that_make_no_table_are_refused(string old, string next, string got)
    {
        var header = await ReadAsync("a,b\n1,2\n"u8.ToArray());

        var refusal = header.Renamed(ImmutableDictionary<string, string>.Empty.Add(old, next)).Refusals.Should().ContainSingle().Which;
        (refusal.Code, refusal.Got).Should().Be((RefusalCode.DatasetRejected, got));
    }

    [Theory]
    [InlineData("PAR1")]
    [InlineData("")]
    [InlineData("a,a\n")]
    [InlineData("\"a,b\n")]
    public async Task What_has_no_usable_header_is_refused(string text)
    {
        var refusals = (await CsvHeader.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), Cancel)).Refusals;

        refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.DatasetRejected);
    }

    [Fact]
    public async Task Parquet_file_is_refused_as_another_format()
    {
        var refusals = (await CsvHeader.ReadAsync(new MemoryStream(await ParquetTables.WriteAsync([(1, "north")], Cancel)), Cancel)).Refusals;

        refusals.Single().Should().Be(new Refusal(RefusalCode.DatasetRejected, "a csv file", "another format"));
    }

    private static async Task<CsvHeader> ReadAsync(byte[] bytes) => (await CsvHeader.ReadAsync(new MemoryStream(bytes), Cancel)).Value;
}
