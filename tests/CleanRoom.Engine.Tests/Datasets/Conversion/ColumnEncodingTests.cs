using System.Globalization;
using System.Text;
using CleanRoom.Datasets.Conversion;
using CleanRoom.Datasets.Conversion.Encodings;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;
using CsCheck;

namespace CleanRoom.Engine.Tests.Datasets.Conversion;

/// <summary>Whatever encoding a column of a derived file gets, DuckDB reads the values of the source.</summary>
public sealed class ColumnEncodingTests
{
    private static readonly Dataset _all = DatasetContracts.Of(
        new DatasetColumn("small", ColumnType.Int32),
        new DatasetColumn("large", ColumnType.Int64) { Nullable = false },
        new DatasetColumn("exact", ColumnType.Decimal),
        new DatasetColumn("moment", ColumnType.Timestamp),
        new DatasetColumn("word", ColumnType.String),
        new DatasetColumn("yes", ColumnType.Boolean));

    [Fact]
    public async Task Any_rows_come_back_through_the_engine()
    {
        var row = Gen.Select(
            Gen.OneOf(Gen.Int.Select(Text), Gen.Const("-2147483648"), Gen.Const("2147483647"), Gen.Const(string.Empty)),
            Gen.OneOf(Gen.Long.Where(value => value != 0).Select(value => value.ToString(CultureInfo.InvariantCulture)), Gen.Const("9223372036854775807")),
            Gen.OneOf(Gen.Int.Select(value => $"{Text(value)}.25"), Gen.Const(string.Empty)),
            Gen.OneOf(Gen.Int[0, 900_000_000].Select(value => DateTime.UnixEpoch.AddSeconds(value).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)), Gen.Const(string.Empty)),
            Gen.OneOf(Gen.Int[0, 3].Select(value => $"word {Text(value)}"), Gen.Const(string.Empty)),
            Gen.OneOf(Gen.Const("true"), Gen.Const("false"), Gen.Const(string.Empty)));
        await row.Array[1, 300].SampleAsync(async rows => await CheckAsync([.. rows.Select(cells => new[] { cells.Item1, cells.Item2, cells.Item3, cells.Item4, cells.Item5, cells.Item6 })]), iter: Tier.Cases(40, 2_000));
    }

    [Theory]
    [InlineData(3, "PLAIN, RLE_DICTIONARY", "UNCOMPRESSED")]
    [InlineData(TextDictionary.MostTexts, "PLAIN, RLE_DICTIONARY", "UNCOMPRESSED")]
    [InlineData(TextDictionary.MostTexts + 1, "PLAIN", "ZSTD")]
    public async Task Texts_have_a_dictionary_as_long_as_it_is_worth_it(int different, string encodings, string codec)
    {
        // Long enough that a dictionary of all of them is less than half; each several times.
        var texts = Enumerable.Range(0, ParquetConverter.RowGroupRows).Select(i => $"text of some length, to be repeated: {i % different:D8}").ToList();
        using var file = await WrittenAsync(DatasetContracts.Of(new DatasetColumn("id", ColumnType.Int64), new DatasetColumn("word", ColumnType.String)), string.Concat(texts.Select((text, i) => $"{i + 1},\"{text}\"\n").Prepend("id,word\n")));

        file.Query("select encodings, compression from parquet_metadata({file}) where path_in_schema = 'word'")[0]
            .Should().Match<string?[]>(row => Sorted(row[0]!).StartsWith(encodings, StringComparison.Ordinal) && row[1] == codec);
        file.Query("select word from {file} order by id").Select(row => row[0]).Should().Equal(texts);
    }

    [Theory]
    [InlineData(3, "DELTA_BINARY_PACKED")]
    [InlineData(0x1E3779B97F4A7C15, "PLAIN")]
    public async Task Integers_are_differences_unless_plain_ones_are_shorter(long step, string encoding)
    {
        var values = Enumerable.Range(1, 4_096).Select(i => unchecked((long)i * i * step).ToString(CultureInfo.InvariantCulture)).ToList();
        using var file = await WrittenAsync(DatasetContracts.Of(new DatasetColumn("id", ColumnType.Int64)), "id\n" + string.Join('\n', values));

        file.Query("select encodings, compression from parquet_metadata({file})")[0].Should().Equal($"{encoding}, RLE", "UNCOMPRESSED");
        file.Query("select id::varchar from {file}").Select(row => row[0]).Should().Equal(values);
    }

    private static async Task<bool> CheckAsync(string[][] rows)
    {
        using var file = await WrittenAsync(_all, string.Concat(rows.Select(row => string.Join(',', row) + "\n").Prepend("small,large,exact,moment,word,yes\n")));
        var read = file.Query("select small::varchar, large::varchar, exact::varchar, strftime(moment, '%Y-%m-%dT%H:%M:%SZ'), word, yes::varchar from {file}");
        read.Should().BeEquivalentTo(rows.Select(row => row.Select(cell => cell.Length == 0 ? null : cell).ToArray()), strict => strict.WithStrictOrdering());
        return true;
    }

    private static async Task<TemporaryFile> WrittenAsync(Dataset contract, string csv)
    {
        var output = new MemoryStream();
        var outcome = await DatasetIngest.RunAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(csv)), contract with { Policy = contract.Policy with { Join = contract.Policy.Join with { MaxRowsPerUnit = 1_000_000 } } }, PlainIdentifiers.Instance, output, progress: null, TestContext.Current.CancellationToken);
        outcome.Report.Problems.Should().BeEmpty();
        var file = new TemporaryFile();
        await File.WriteAllBytesAsync(file.FullName, output.ToArray(), TestContext.Current.CancellationToken);
        return file;
    }

    private static string Sorted(string encodings) => string.Join(", ", encodings.Split(", ").Order(StringComparer.Ordinal).Where(one => one != "RLE"));

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
