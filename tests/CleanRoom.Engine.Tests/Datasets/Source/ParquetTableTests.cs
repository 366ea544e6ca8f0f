using System.Globalization;
using System.Text;
using CleanRoom.Datasets;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Conversion;
using CleanRoom.Datasets.Problems;
using CleanRoom.Datasets.Source;
using CleanRoom.Datasets.Source.ParquetFormat;
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
            sum += int.Parse(Encoding.UTF8.GetString(table.Row.Cell(0).Span), CultureInfo.InvariantCulture) * table.Row.Number;
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
        // PageHeader {1: data page, 2: uncompressed 2^31 - 1, 3: compressed 0, 5: {1: one value, 2: plain}}.
        byte[] page = [0x15, 0x00, 0x15, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F, 0x15, 0x00, 0x2C, 0x15, 0x02, 0x15, 0x00, 0x00, 0x00];

        // The header itself is well-formed now (it names an encoding): what refuses is the limit on the row group.
        (await GuardAsync(page, rows: 1))!.Kind.Should().Be(ProblemKind.FormatUnsupported);
    }

    [Fact]
    public async Task Guard_page_with_other_values_than_the_footer_says_is_refused()
    {
        byte[] page = [0x15, 0x00, 0x15, 0x02, 0x15, 0x00, 0x2C, 0x15, 0x02, 0x15, 0x00, 0x00, 0x00];

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

    /// <summary>Every codec and both page versions: each has its own decoder to mislead.</summary>
    public static TheoryData<string> Writers() =>
    [
        "compression uncompressed", "compression snappy", "compression gzip", "compression zstd", "compression lz4_raw",
        "compression uncompressed, parquet_version v2", "compression zstd, parquet_version v2",
    ];

    [Theory]
    [MemberData(nameof(Writers))]
    public async Task Read_values_of_every_codec_and_version(string options)
    {
        // Short runs, long runs, many and few different values, NULLs here and there and throughout.
        const string Rows = """
            select range::int as a, (range * 7919 % 1000003 - 500000)::bigint as b, case when range % 3 = 0 then null else 'w' || range % 11 end as c,
            'x' || repeat('y', (range % 40)::int) || range as d, range % 2 = 0 as e, case when range < 5000 then range / 8 end::double as f,
            null::int as g, uuid '00112233-4455-6677-8899-aabbccddeeff' as h, (range * 0.25)::decimal(30, 2) as i, (range / 4)::float as j
            from range(10000)
            """;
        using var file = new TemporaryFile();
        file.Query($"copy ({Rows}) to {{file}} (format parquet, row_group_size 4096, {options})");
        var bytes = await File.ReadAllBytesAsync(file.FullName, TestContext.Current.CancellationToken);

        var read = await RowsAsync(bytes);

        var written = file.Query(
            "select a::varchar, b::varchar, c, d, e::varchar, f::decimal(18,3)::varchar, g::varchar, h::varchar, i::varchar, j::decimal(18,2)::varchar from {file}");
        read.Should().HaveCount(written.Count);
        for (var i = 0; i < read.Count; i++)
        {
            Enumerable.Range(0, 10).Where(column => !SameText(read[i][column], written[i][column]))
                .Select(column => (column, read[i][column], written[i][column])).Should().BeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public async Task Check_changed_bytes_of_every_codec_and_version_never_throw(string options)
    {
        using var file = new TemporaryFile();
        file.Query(
            "copy (select range::int as a, 'w' || range % 5 as b, range % 2 = 0 as c, case when range % 4 > 0 then range * 0.5 end::double as d, range * 1000 as e "
            + $"from range(300)) to {{file}} (format parquet, {options})");
        var good = await File.ReadAllBytesAsync(file.FullName, TestContext.Current.CancellationToken);
        var contract = DatasetContracts.Of(
            null,
            1,
            new DatasetColumn("a", ColumnType.Int32),
            new DatasetColumn("b", ColumnType.String),
            new DatasetColumn("c", ColumnType.Boolean),
            new DatasetColumn("d", ColumnType.Decimal),
            new DatasetColumn("e", ColumnType.Int64));
        (await CheckAsync(good, contract)).Problems.Should().BeEmpty();

        await Gen.Select(Gen.Int[4, good.Length - 5], Gen.Byte).Array[1, 4].SampleAsync(async changes =>
        {
            var bad = good.ToArray();
            foreach (var (place, value) in changes)
            {
                bad[place] = value;
            }

            (await CheckAsync(bad, contract)).Should().NotBeNull();
        }, iter: 1_000);
    }

    [Fact]
    public async Task Check_page_that_holds_less_than_it_claims_shows_nothing_of_other_owners()
    {
        // A library that rents page memory fills such a page with what the last owner's page left behind.
        using var file = new TemporaryFile();
        file.Query("copy (select 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' as v) to {file} (format parquet, compression uncompressed, dictionary_size_limit 1)");
        var bytes = await File.ReadAllBytesAsync(file.FullName, TestContext.Current.CancellationToken);
        var text = bytes.AsSpan().IndexOf("aaaa"u8);

        // The length before the text: 40 becomes 41.
        bytes[text - 4].Should().Be(40);
        bytes[text - 4] = 41;

        var report = await CheckAsync(bytes, ColumnType.String);

        (report.Accepted, report.Problems[0].Kind, report.Problems[0].Row, report.Problems[0].Column)
            .Should().Be((false, ProblemKind.FormatUnreadable, 1, "v"));
    }

    [Theory]
    [InlineData("'infinity'::timestamp", ColumnType.Timestamp, ProblemKind.OutsideTypeRange)]
    [InlineData("'-infinity'::timestamp", ColumnType.Timestamp, ProblemKind.OutsideTypeRange)]
    [InlineData("'infinity'::date", ColumnType.Date, ProblemKind.OutsideTypeRange)]
    [InlineData("'nan'::double", ColumnType.Decimal, ProblemKind.WrongType)]
    [InlineData("'infinity'::double", ColumnType.Decimal, ProblemKind.WrongType)]
    [InlineData("'-infinity'::float", ColumnType.Int32, ProblemKind.WrongType)]
    public async Task Check_value_without_end_is_refused_with_its_row(string sql, ColumnType type, ProblemKind kind)
    {
        using var file = new TemporaryFile();
        file.Query($"copy (select {sql} as v) to {{file}} (format parquet)");

        var report = await CheckAsync(await File.ReadAllBytesAsync(file.FullName, TestContext.Current.CancellationToken), type);

        report.Problems.Select(problem => (problem.Kind, problem.Row, problem.Column)).Should().Equal((kind, 1L, "v"));
    }

    [Fact]
    public void Schema_null_type_is_read_as_a_column_of_nulls()
    {
        // SchemaElement {1: int32, 3: optional, 4: "v", 10: {11: {}}}: how writers other than DuckDB annotate it.
        var reader = new ThriftReader([0x15, 0x02, 0x25, 0x02, 0x18, 0x01, (byte)'v', 0x6C, 0xBC, 0x00, 0x00, 0x00]);

        var column = ParquetSchemaElement.Read(ref reader)!.Column!;

        (reader.HasFailed, column.Logical, ParquetText.IsSupported(column)).Should().Be((false, ParquetLogical.Null, true));
        ParquetText.WriterOf(column)([0, 0, 0, 0], new ParquetTextBuffer()).Should().Be(ProblemKind.WrongType);
    }

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
            source, DatasetContracts.Of(null, 1, new DatasetColumn("v", ColumnType.String)), PlainIdentifiers.Instance, output, progress: null, TestContext.Current.CancellationToken);
        return output.ToArray();
    }

    private static async Task<List<string?[]>> RowsAsync(byte[] bytes)
    {
        var (table, problem) = await TableOpener.OpenAsync(new MemoryStream(bytes), TestContext.Current.CancellationToken);
        using var opened = table;
        problem.Should().BeNull();
        var rows = new List<string?[]>();
        while (await table!.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add([.. Enumerable.Range(0, table.Columns.Length).Select(i => table.Row.IsNull(i) ? null : Encoding.UTF8.GetString(table.Row.Cell(i).Span))]);
        }

        table.Fault.Should().BeNull();
        return rows;
    }

    private static bool SameText(string? read, string? written) =>
        read == written || (read is not null && written is not null && written.Contains('.', StringComparison.Ordinal)
            && decimal.Parse(read, CultureInfo.InvariantCulture) == decimal.Parse(written, CultureInfo.InvariantCulture));

    private static Task<IngestReport> CheckAsync(byte[] bytes, ColumnType type) =>
        CheckAsync(bytes, DatasetContracts.Of(null, 1, new DatasetColumn("v", type)));

    private static Task<IngestReport> CheckAsync(byte[] bytes, Dataset contract) => DatasetChecker.RunAsync(
        new MemoryStream(bytes),
        contract,
        new CheckOptions(),
        progress: null,
        TestContext.Current.CancellationToken);

    private static async Task<ProblemKind?> OpenFooterAsync(byte[] footer)
    {
        byte[] file = [.. "PAR1"u8, .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8];
        var (_, problem) = await TableOpener.OpenAsync(new MemoryStream(file), TestContext.Current.CancellationToken);
        return problem?.Kind;
    }

    private static async Task<DatasetProblem?> GuardAsync(byte[] page, long rows)
    {
        var chunk = new ParquetChunk { Values = rows, Offset = 4, CompressedBytes = page.Length, Codec = ParquetCodec.None };
        var column = new ParquetColumn
        {
            Name = "v",
            IsOptional = false,
            Physical = ParquetPhysical.ByteArray,
            Logical = ParquetLogical.Text,
            Length = 0,
            Scale = 0,
        };
        var file = new MemoryStream([.. "PAR1"u8, .. page]);
        var (pages, problem) = await ParquetPageGuard.IndexAsync(
            file, [column], new ParquetRowGroup { Rows = rows, Chunks = [chunk] }, file.Length, TestContext.Current.CancellationToken);
        (pages is null).Should().Be(problem is not null);
        return problem;
    }

    private static async Task<(SourceTable? Table, DatasetProblem? Problem)> WriteAndOpenAsync(string sql, string? option = null)
    {
        using var file = new TemporaryFile();
        file.Query($"copy ({sql}) to {{file}} (format parquet{(option is null ? "" : ", " + option)})");
        var bytes = await File.ReadAllBytesAsync(file.FullName, TestContext.Current.CancellationToken);
        return await TableOpener.OpenAsync(new MemoryStream(bytes), TestContext.Current.CancellationToken);
    }
}
