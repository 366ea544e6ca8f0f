using System.Text;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Conversion;
using CleanRoom.Datasets.Problems;
using CleanRoom.Datasets.Source.ParquetFormat;
using CleanRoom.Datasets.Source;
using CleanRoom.Datasets;
using CleanRoom.Engine.Tests.Support;
using CleanRoom.Protocol.Documents;
using CsCheck;

namespace CleanRoom.Engine.Tests.Datasets.Source;

public sealed class ParquetTableTests
{
    /// <summary>A value as DuckDB writes it, and its text.</summary>
    public static TheoryData<string, string?> Values() => new()
    {
        { "true", "true" },
        { "null::int", null },
        { "(-128)::tinyint", "-128" },
        { "255::utinyint", "255" },
        { "4294967295::uinteger", "4294967295" },
        { "18446744073709551615::ubigint", "18446744073709551615" },
        { "(-2147483648)::int", "-2147483648" },
        { "(-9223372036854775808)::bigint", "-9223372036854775808" },
        { "1.5::float", "1.5" },
        { "0.1::double", "0.1" },
        { "1e21::double", "1000000000000000000000" },
        { "(-1.5e-7)::double", "-0.00000015" },
        { "'nan'::double", "NaN" },
        { "(-1.25)::decimal(4,2)", "-1.25" },
        { "0.05::decimal(9,2)", "0.05" },
        { "(-12.30)::decimal(18,2)", "-12.30" },
        { "(-0.000000000000000000000000000000000001)::decimal(38,36)", "-0.000000000000000000000000000000000001" },
        { "'é'", "é" },
        { "''", "" },
        { "'\\x00\\xFF'::blob", "00ff" },
        { "date '2024-02-29'", "2024-02-29" },
        { "date '0001-01-01'", "0001-01-01" },
        { "timestamp '2024-02-29 03:04:05.123456'", "2024-02-29T03:04:05.123456Z" },
        { "timestamptz '1969-12-31 23:59:59.5+00'", "1969-12-31T23:59:59.500000Z" },
        { "'2024-02-29 03:04:05.123'::timestamp_ms", "2024-02-29T03:04:05.123Z" },
        { "'2024-02-29 03:04:05.123456789'::timestamp_ns", "2024-02-29T03:04:05.123456789Z" },
        { "uuid '00112233-4455-6677-8899-aabbccddeeff'", "00112233-4455-6677-8899-aabbccddeeff" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Read_value_has_the_text_that_it_has_in_csv(string sql, string? text)
    {
        var (table, problem) = await WriteAndOpenAsync($"select {sql} as v");
        using var opened = table;

        problem.Should().BeNull();
        (await table!.ReadAsync(TestContext.Current.CancellationToken)).Should().BeTrue();
        table.Row.Faults.Should().BeEmpty();
        (table.Row.IsNull(0) ? null : Encoding.UTF8.GetString(table.Row.Cell(0).Span)).Should().Be(text);
    }

    [Theory]
    [InlineData("[1, 2]")]
    [InlineData("{'a': 1}")]
    [InlineData("interval 1 day")]
    [InlineData("time '01:02:03'")]
    public async Task Open_type_without_text_form_is_unsupported(string sql)
    {
        var (table, problem) = await WriteAndOpenAsync($"select {sql} as v");

        table.Should().BeNull();
        problem!.Kind.Should().Be(ProblemKind.FormatUnsupported);
    }

    [Theory]
    [InlineData("date '10000-01-01'", ProblemKind.OutsideTypeRange)]
    [InlineData("timestamp '290000-01-01 00:00:00'", ProblemKind.OutsideTypeRange)]
    [InlineData("chr(0)", ProblemKind.NulCharacter)]
    public async Task Read_value_without_text_form_is_marked(string sql, ProblemKind kind)
    {
        var (table, _) = await WriteAndOpenAsync($"select {sql} as v");
        using var opened = table;
        await table!.ReadAsync(TestContext.Current.CancellationToken);

        table.Row.Faults.Should().ContainSingle().Which.Kind.Should().Be(kind);
    }

    [Fact]
    public async Task Read_cell_past_the_limit_stops()
    {
        var (table, _) = await WriteAndOpenAsync($"select repeat('x', {DatasetLimits.CellBytes + 1}) as v");
        using var opened = table;

        (await table!.ReadAsync(TestContext.Current.CancellationToken)).Should().BeFalse();
        table.Fault!.Kind.Should().Be(ProblemKind.CellTooLarge);
    }

    [Fact]
    public async Task Read_several_row_groups_gives_all_rows_in_order()
    {
        var (table, _) = await WriteAndOpenAsync("select range::int as v from range(10000)", "row_group_size 2048");
        using var opened = table;
        var sum = 0L;
        while (await table!.ReadAsync(TestContext.Current.CancellationToken))
        {
            sum += int.Parse(Encoding.UTF8.GetString(table.Row.Cell(0).Span), System.Globalization.CultureInfo.InvariantCulture) * table.Row.Number;
        }

        sum.Should().Be(Enumerable.Range(0, 10000).Sum(i => (long)i * (i + 1)));
    }

    [Fact]
    public async Task Check_bytes_without_meaning_are_not_text()
    {
        using var file = new TemporaryFile();
        file.Query("copy (select 'x'::blob as v) to {file} (format parquet)");

        var report = await CheckAsync(await File.ReadAllBytesAsync(file.FullName, TestContext.Current.CancellationToken), ColumnType.String);

        report.Problems.Should().ContainSingle().Which.Kind.Should().Be(ProblemKind.WrongType);
    }

    [Fact]
    public async Task Open_source_that_cannot_seek_is_unsupported()
    {
        var (_, problem) = await TableOpener.OpenAsync(new EndlessStream([.. "PAR1"u8], 0), TestContext.Current.CancellationToken);

        problem!.Kind.Should().Be(ProblemKind.FormatUnsupported);
    }

    [Fact]
    public async Task Open_encrypted_footer_is_unsupported()
    {
        var (_, problem) = await TableOpener.OpenAsync(new MemoryStream([.. "PARE"u8]), TestContext.Current.CancellationToken);

        problem!.Kind.Should().Be(ProblemKind.FormatUnsupported);
    }

    [Fact]
    public async Task Open_footer_nested_a_million_deep_is_unreadable() =>
        (await OpenFooterAsync([.. Enumerable.Repeat((byte)0x1C, 1_000_000)])).Should().Be(ProblemKind.FormatUnreadable);

    [Theory]
    [InlineData(0x29)]
    [InlineData(0x49)]
    [InlineData(0x59)]
    public async Task Open_footer_that_claims_a_list_of_two_billion_is_unreadable(byte field) =>
        (await OpenFooterAsync([field, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07])).Should().Be(ProblemKind.FormatUnreadable);

    [Fact]
    public async Task Open_footer_longer_than_the_file_is_unreadable()
    {
        var (_, problem) = await TableOpener.OpenAsync(
            new MemoryStream([.. "PAR1"u8, 0xFF, 0xFF, 0xFF, 0x7F, .. "PAR1"u8]), TestContext.Current.CancellationToken);

        problem!.Kind.Should().Be(ProblemKind.FormatUnreadable);
    }

    [Fact]
    public async Task Guard_page_that_claims_two_gigabytes_is_refused()
    {
        // PageHeader {1: data page, 2: uncompressed 2^31 - 1, 3: compressed 0, 5: {1: one value}}.
        byte[] page = [0x15, 0x00, 0x15, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F, 0x15, 0x00, 0x2C, 0x15, 0x02, 0x00, 0x00];

        (await GuardAsync(page, rows: 1))!.Kind.Should().Be(ProblemKind.FormatUnreadable);
    }

    [Fact]
    public async Task Guard_page_with_other_values_than_the_footer_says_is_refused()
    {
        byte[] page = [0x15, 0x00, 0x15, 0x02, 0x15, 0x00, 0x2C, 0x15, 0x02, 0x00, 0x00];

        (await GuardAsync(page, rows: 1)).Should().BeNull();
        (await GuardAsync(page, rows: 2))!.Kind.Should().Be(ProblemKind.FormatUnreadable);
    }

    [Fact]
    public async Task Guard_row_group_of_too_many_rows_is_refused() =>
        (await GuardAsync([0], rows: DatasetLimits.ParquetRowGroupRows + 1))!.Kind.Should().Be(ProblemKind.FormatUnsupported);

    [Fact]
    public async Task Check_random_bytes_never_throw() =>
        await Gen.Select(Gens.OneOf("", "v\n", "PAR1", "\uFEFF"), Gen.Byte.Array[0, 300]).SampleAsync(async (start, bytes) =>
        {
            var text = Encoding.UTF8.GetBytes(start);
            (await CheckAsync([.. text, .. bytes, .. start == "PAR1" ? text : []], ColumnType.Int32)).Should().NotBeNull();
        }, iter: 2_000);

    [Fact]
    public async Task Check_parquet_with_changed_bytes_never_throws()
    {
        var good = await SmallParquetAsync();

        await Gen.Select(Gen.Int[4, good.Length - 5], Gen.Byte).Array[1, 4].SampleAsync(async changes =>
        {
            var bad = good.ToArray();
            foreach (var (place, value) in changes)
            {
                bad[place] = value;
            }

            (await CheckAsync(bad, ColumnType.String)).Should().NotBeNull();
        }, iter: 2_000);
    }

    [Fact]
    public async Task Check_parquet_cut_anywhere_is_refused()
    {
        var good = await SmallParquetAsync();

        for (var length = 4; length < good.Length; length++)
        {
            (await CheckAsync(good[..length], ColumnType.String)).Accepted.Should().BeFalse();
        }
    }

    private static async Task<byte[]> SmallParquetAsync()
    {
        var output = new MemoryStream();
        var source = new MemoryStream(Encoding.UTF8.GetBytes("v\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"word{i % 7}\n\"\"\n"))));
        await DatasetIngest.RunAsync(
            source, DatasetContracts.Of(null, 1, new DatasetColumn("v", ColumnType.String)), output, progress: null, TestContext.Current.CancellationToken);
        return output.ToArray();
    }

    private static Task<IngestReport> CheckAsync(byte[] bytes, ColumnType type) => DatasetChecker.RunAsync(
        new MemoryStream(bytes),
        DatasetContracts.Of(null, 1, new DatasetColumn("v", type)),
        new CheckOptions(),
        progress: null,
        TestContext.Current.CancellationToken);

    private static async Task<ProblemKind?> OpenFooterAsync(byte[] footer)
    {
        byte[] file = [.. "PAR1"u8, .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8];
        var (_, problem) = await TableOpener.OpenAsync(new MemoryStream(file), TestContext.Current.CancellationToken);
        return problem?.Kind;
    }

    private static Task<DatasetProblem?> GuardAsync(byte[] page, long rows)
    {
        var chunk = new ParquetChunk { Values = rows, Offset = 4, CompressedBytes = page.Length };
        var file = new MemoryStream([.. "PAR1"u8, .. page]);
        return ParquetPageGuard.CheckAsync(
            file, new ParquetRowGroup { Rows = rows, Chunks = [chunk] }, file.Length, TestContext.Current.CancellationToken);
    }

    private static async Task<(SourceTable? Table, DatasetProblem? Problem)> WriteAndOpenAsync(string sql, string? option = null)
    {
        using var file = new TemporaryFile();
        file.Query($"copy ({sql}) to {{file}} (format parquet{(option is null ? "" : ", " + option)})");
        var bytes = await File.ReadAllBytesAsync(file.FullName, TestContext.Current.CancellationToken);
        return await TableOpener.OpenAsync(new MemoryStream(bytes), TestContext.Current.CancellationToken);
    }
}
