using System.Text;
using CleanRoom.Datasets;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Problems;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Engine.Tests.Datasets.Check;

public sealed class DatasetCheckerTests
{
    private const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static readonly DatasetColumn Id = new("id", ColumnType.Int32);

    /// <summary>Every kind of problem with the smallest file that has it.</summary>
    public static TheoryData<ProblemKind, string, Dataset> Refused() => new()
    {
        { ProblemKind.NotUtf8, "\uFEFFutf16", DatasetContracts.Of(Id) },
        { ProblemKind.HeaderMissing, "", DatasetContracts.Of(Id) },
        { ProblemKind.HeaderDuplicate, "id,id\n1,2\n", DatasetContracts.Of(Id) },
        { ProblemKind.HeaderBlank, "id,\n1,2\n", DatasetContracts.Of(Id) },
        { ProblemKind.TooManyColumns, string.Join(',', Enumerable.Range(0, 4097)), DatasetContracts.Of(Id) },
        { ProblemKind.NoRows, "id\n", DatasetContracts.Of(Id) },
        { ProblemKind.FormatUnreadable, "PAR1 and then something else PAR1", DatasetContracts.Of(Id) },
        { ProblemKind.FormatUnsupported, "PARE", DatasetContracts.Of(Id) },
        { ProblemKind.ColumnMissing, "other\n1\n", DatasetContracts.Of(Id) },
        { ProblemKind.ColumnUnknown, "id,name\n1,x\n", DatasetContracts.Of(Id) },
        { ProblemKind.ContractUnusable, "id\n1\n", DatasetContracts.Of(Id with { Type = ColumnType.Decimal, Scale = 19 }) },
        { ProblemKind.TooManyDistinct, "id\n1\n2\n3\n", DatasetContracts.Of(Id) },
        { ProblemKind.QuoteUnterminated, "id\n\"1\n", DatasetContracts.Of(Id) },
        { ProblemKind.CellTooLarge, "id\n" + new string('1', DatasetLimits.CellBytes + 1), DatasetContracts.Of(Id) },
        { ProblemKind.RowTooLarge, "id\n" + string.Concat(Enumerable.Repeat(new string('1', DatasetLimits.CellBytes) + ",", 5)), DatasetContracts.Of(Id) },
        { ProblemKind.BadUtf8, "id\nbad\uFFFF\n", DatasetContracts.Of(Id) },
        { ProblemKind.RaggedRow, "id\n1,2\n", DatasetContracts.Of(Id) },
        { ProblemKind.QuoteMisplaced, "id\n1\"2\n", DatasetContracts.Of(Id) },
        { ProblemKind.NulCharacter, "id\n\0\n", DatasetContracts.Of(Id) },
        { ProblemKind.BadLineEnd, "id\n1\r2\n", DatasetContracts.Of(Id) },
        { ProblemKind.WrongType, "id\nx\n", DatasetContracts.Of(Id) },
        { ProblemKind.OutsideTypeRange, "id\n3000000000\n", DatasetContracts.Of(Id) },
        { ProblemKind.NullNotAllowed, "id\n\"\"\n", DatasetContracts.Of(Id with { Nullable = false }) },
        { ProblemKind.OutsideClamp, "id\n11\n", DatasetContracts.Of(Id with { Clamp = new ClampBounds { Min = 1, Max = 10 } }) },
        { ProblemKind.OutsideDomain, "id\n11\n", DatasetContracts.Of(Id with { Domain = new ColumnDomain { Values = ["1", "2"] } }) },
        { ProblemKind.DuplicateValue, "id\n1\n2\n1\n", DatasetContracts.Of(Id with { Unique = true }) },
        { ProblemKind.NotNormalised, "id\nnot an address\n", DatasetContracts.Of(new DatasetColumn("id", ColumnType.String) { Normalise = "email.basic.v1" }) },
        { ProblemKind.SentinelIdentifier, $"id\n{EmptyHash}\n", DatasetContracts.Of(new DatasetColumn("id", ColumnType.Sha256) { Normalise = "email.basic.v1" }) },
        { ProblemKind.TooManyRowsPerUnit, "id\n1\n1\n1\n", DatasetContracts.Of("id", 2, Id) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Run_bad_file_is_refused_with_its_kind(ProblemKind kind, string text, Dataset contract)
    {
        var report = await CheckAsync(Bytes(kind, text), contract, new CheckOptions { DistinctEntries = 2 });

        report.Accepted.Should().BeFalse();
        report.ProblemCounts.Should().ContainKey(kind);
        report.Problems.Should().Contain(problem => problem.Kind == kind);
    }

    [Fact]
    public void Refused_has_every_kind() =>
        Refused().Select(row => row.Data.Item1).Should().BeEquivalentTo(Enum.GetValues<ProblemKind>().Except([ProblemKind.None]));

    [Fact]
    public async Task Run_part_of_a_file_judges_what_it_read_and_nothing_that_only_the_whole_shows()
    {
        var contract = DatasetContracts.Of(Id with { Unique = true });

        // Each record counts two bytes: its digit and the delimiter.
        var first = await CheckAsync("id\n1\n2\n3\nx\n", contract, new CheckOptions { Bytes = 6, DistinctEntries = 2 });
        var further = await CheckAsync("id\n1\n2\n3\nx\n", contract, new CheckOptions { Bytes = 7, DistinctEntries = 2 });

        first.Accepted.Should().BeTrue();
        first.Rows.Should().Be(3);
        further.ProblemCounts.Keys.Should().Equal(ProblemKind.WrongType);
    }

    [Fact]
    public async Task Run_columns_in_another_order_are_matched_by_name()
    {
        var contract = DatasetContracts.Of(Id, new DatasetColumn("day", ColumnType.Date));

        (await CheckAsync("day,id\n2024-01-01,1\n", contract)).Accepted.Should().BeTrue();
    }

    [Fact]
    public async Task Run_missing_and_unknown_columns_are_all_named()
    {
        var contract = DatasetContracts.Of(Id, new DatasetColumn("day", ColumnType.Date), new DatasetColumn("value", ColumnType.Decimal));

        var report = await CheckAsync("id,Day,extra\n1,2024-01-01,x\n", contract);

        report.Problems.Select(problem => (problem.Kind, problem.Column)).Should().BeEquivalentTo(new (ProblemKind, string?)[]
        {
            (ProblemKind.ColumnMissing, "day"),
            (ProblemKind.ColumnMissing, "value"),
            (ProblemKind.ColumnUnknown, "Day"),
            (ProblemKind.ColumnUnknown, "extra"),
        });
    }

    [Fact]
    public async Task Run_problem_names_row_and_column_but_not_the_value()
    {
        var report = await CheckAsync("id\n1\nsecret\n", DatasetContracts.Of(Id));

        var problem = report.Problems.Should().ContainSingle().Subject;
        (problem.Row, problem.Column, problem.Value).Should().Be((2, "id", null));
        Encoding.UTF8.GetString(IngestReportCodec.Encode(report)).Should().NotContain("secret");
    }

    [Theory]
    [InlineData("id\n1\n", ProblemKind.ColumnMissing, null, "day", "add the column")]
    [InlineData("id,day,day\n1,2024-01-01,2024-01-01\n", ProblemKind.HeaderDuplicate, 0L, "day", "its own name")]
    [InlineData("id,day\n", ProblemKind.NoRows, null, null, "with records")]
    [InlineData("id,day\n1,2024-01-01\n2,01.02.2024\n", ProblemKind.WrongType, 2L, "day", "wanted form")]
    [InlineData("id,day\n1,2024-01-01\n2\n", ProblemKind.RaggedRow, 2L, null, "one field for each column")]
    [InlineData("id,day\n1,2024-01-01\n2,2024-01-01,x\n", ProblemKind.RaggedRow, 2L, null, "one field for each column")]
    [InlineData("id,day\n1,2024-01-01\n2,caf\u00ff\n", ProblemKind.BadUtf8, 2L, "day", "utf-8")]
    public async Task Run_bad_input_is_one_clear_problem_with_its_place_and_a_fix(string text, ProblemKind kind, long? row, string? column, string fix)
    {
        var contract = DatasetContracts.Of(Id, new DatasetColumn("day", ColumnType.Date));

        // Latin-1: the only case beyond ASCII becomes a byte that no UTF-8 has.
        var report = await CheckAsync(Encoding.Latin1.GetBytes(text), contract, new CheckOptions());

        var problem = report.Problems.Should().ContainSingle().Subject;
        (report.Accepted, problem.Kind, problem.Row, problem.Column).Should().Be((false, kind, row, column));
        problem.Fix.Should().Contain(fix);
        problem.ToString().Should().EndWith(problem.Fix);
    }

    [Fact]
    public void Fix_exists_for_every_kind() =>
        Enum.GetValues<ProblemKind>().Except([ProblemKind.None]).Select(kind => DatasetProblem.OfFile(kind, "", "").Fix)
            .Should().NotContain(DatasetProblem.OfFile(ProblemKind.None, "", "").Fix);

    [Theory]
    [InlineData("NULL")]
    [InlineData("unknown")]
    [InlineData("0")]
    public async Task Run_identifier_that_stands_for_a_missing_one_is_refused(string text)
    {
        var contract = DatasetContracts.Of(null, 1, new DatasetColumn("mail", ColumnType.String) { Normalise = "email.basic.v1" });

        (await CheckAsync($"mail\n{text}\n", contract)).Problems.Should().ContainSingle().Which.Kind.Should().Be(ProblemKind.SentinelIdentifier);
    }

    [Fact]
    public async Task Run_unit_called_unknown_is_a_unit_and_capped()
    {
        var report = await CheckAsync("id\nunknown\nunknown\n", DatasetContracts.Of("id", 1, new DatasetColumn("id", ColumnType.String)));

        (report.DistinctUnits, report.SentinelUnitRows).Should().Be((1, 0));
        report.Problems.Should().ContainSingle().Which.Kind.Should().Be(ProblemKind.TooManyRowsPerUnit);
    }

    [Fact]
    public async Task Run_owner_who_asks_for_values_gets_them()
    {
        var report = await CheckAsync("id\n1\nsecret\n", DatasetContracts.Of(Id), new CheckOptions { ShowValues = true });

        report.Problems.Should().ContainSingle().Which.Value.Should().Be("secret");
    }

    [Fact]
    public async Task Run_many_problems_are_all_counted_and_the_first_hundred_kept()
    {
        var text = "id\n" + string.Concat(Enumerable.Repeat("x\n", 250));

        var report = await CheckAsync(text, DatasetContracts.Of(Id));

        report.ProblemCounts[ProblemKind.WrongType].Should().Be(250);
        report.Problems.Should().HaveCount(100).And.OnlyContain(problem => problem.Row <= 100);
    }

    [Fact]
    public async Task Run_rounded_cells_are_counted_and_accepted()
    {
        var report = await CheckAsync("v\n1.005\n1.50\n2.999\n", DatasetContracts.Of(null, 1, new DatasetColumn("v", ColumnType.Decimal)));

        (report.Accepted, report.RoundedCells).Should().Be((true, 2));
    }

    [Fact]
    public async Task Run_clamp_judges_the_value_that_is_stored()
    {
        var column = new DatasetColumn("v", ColumnType.Decimal) { Clamp = new ClampBounds { Min = -1.5m, Max = 2 } };

        (await CheckAsync("v\n2.004\n-1.5\n", DatasetContracts.Of(null, 1, column))).Accepted.Should().BeTrue();
        (await CheckAsync("v\n2.006\n", DatasetContracts.Of(null, 1, column))).Accepted.Should().BeFalse();
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("1.5", true)]
    [InlineData("3", true)]
    [InlineData("1.25", false)]
    [InlineData("3.5", false)]
    [InlineData("0.5", false)]
    public async Task Run_domain_with_step_takes_its_grid(string value, bool isAccepted)
    {
        var column = new DatasetColumn("v", ColumnType.Decimal) { Domain = new ColumnDomain { Min = 1, Max = 3, Step = 0.5m } };

        (await CheckAsync($"v\n{value}\n", DatasetContracts.Of(null, 1, column))).Accepted.Should().Be(isAccepted);
    }

    [Fact]
    public async Task Run_domain_values_are_compared_as_values()
    {
        var column = new DatasetColumn("v", ColumnType.Decimal) { Domain = new ColumnDomain { Values = ["1.50", "2"] } };

        (await CheckAsync("v\n1.5\n2.00\n", DatasetContracts.Of(null, 1, column))).Accepted.Should().BeTrue();
    }

    [Fact]
    public async Task Run_unit_is_measured_without_nobody()
    {
        var report = await CheckAsync("id\n7\n7\n8\n0\n0\n0\n\"\"\n", DatasetContracts.Of("id", 2, Id));

        report.Accepted.Should().BeTrue();
        (report.MaxRowsPerUnit, report.DistinctUnits, report.NullUnitRows, report.SentinelUnitRows).Should().Be((2, 2, 1, 3));
    }

    [Theory]
    [InlineData(ColumnType.String, "0")]
    [InlineData(ColumnType.String, EmptyHash)]
    [InlineData(ColumnType.String, "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(ColumnType.Sha256, EmptyHash)]
    [InlineData(ColumnType.Sha256, "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(ColumnType.Uuid, "00000000-0000-0000-0000-000000000000")]
    [InlineData(ColumnType.Int64, "0")]
    public async Task Run_sentinel_unit_counts_as_nobody(ColumnType type, string text)
    {
        var report = await CheckAsync($"id\n{text}\n{text}\n", DatasetContracts.Of("id", 1, new DatasetColumn("id", type)));

        (report.Accepted, report.SentinelUnitRows, report.DistinctUnits).Should().Be((true, 2, 0));
    }

    [Fact]
    public async Task Run_unit_past_the_cap_is_named_once_with_the_row()
    {
        var report = await CheckAsync("id\n1\n2\n1\n2\n1\n1\n", DatasetContracts.Of("id", 2, Id));

        var problem = report.Problems.Should().ContainSingle().Subject;
        (problem.Kind, problem.Row, report.MaxRowsPerUnit).Should().Be((ProblemKind.TooManyRowsPerUnit, 5, 4));
    }

    [Fact]
    public async Task Run_unit_hash_of_other_case_is_the_same_unit()
    {
        var hash = string.Concat(Enumerable.Repeat("ab", 32));

        var report = await CheckAsync($"id\n{hash}\n{hash.ToUpperInvariant()}\n", DatasetContracts.Of(new DatasetColumn("id", ColumnType.Sha256)));

        (report.DistinctUnits, report.MaxRowsPerUnit, report.DuplicateRows).Should().Be((1, 2, 1));
    }

    [Fact]
    public async Task Run_duplicate_rows_are_counted_by_value_and_accepted()
    {
        var contract = DatasetContracts.Of(Id, new DatasetColumn("v", ColumnType.Decimal));

        var report = await CheckAsync("id,v\n1,2.5\n1,2.50\n1,\n1,\n1,0\n", contract);

        (report.Accepted, report.DuplicateRows, report.DuplicateRowsExact).Should().Be((true, 2, true));
    }

    [Fact]
    public async Task Run_nulls_in_a_unique_column_do_not_collide()
    {
        var report = await CheckAsync("id,v\n1,\n2,\n", DatasetContracts.Of(Id, new DatasetColumn("v", ColumnType.String) { Unique = true }));

        report.Accepted.Should().BeTrue();
    }

    [Fact]
    public async Task Run_cancelled_stops()
    {
        var text = "id\n" + string.Concat(Enumerable.Repeat("1\n", 20_000));
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var run = () => DatasetChecker.RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), DatasetContracts.Of(Id), new CheckOptions(), null, stop.Token);

        await run.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Codec_report_reads_back_the_same()
    {
        var report = await CheckAsync("id\nx\n1\n1\n", DatasetContracts.Of("id", 1, Id));

        var read = IngestReportCodec.Parse(IngestReportCodec.Encode(report)).Value;

        IngestReportCodec.Encode(read).Should().Equal(IngestReportCodec.Encode(report));
        Encoding.UTF8.GetString(IngestReportCodec.Encode(report)).Should().Contain("\"too-many-rows-per-unit\":1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[")]
    public void Codec_other_json_is_refused(string json) =>
        IngestReportCodec.Parse(Encoding.UTF8.GetBytes(json)).IsAccepted.Should().BeFalse();

    private static Task<IngestReport> CheckAsync(string text, Dataset contract, CheckOptions? options = null) =>
        CheckAsync(Encoding.UTF8.GetBytes(text), contract, options ?? new CheckOptions());

    private static Task<IngestReport> CheckAsync(byte[] text, Dataset contract, CheckOptions options) =>
        DatasetChecker.RunAsync(new MemoryStream(text), contract, options, progress: null, TestContext.Current.CancellationToken);

    // Bytes that no string has.
    private static byte[] Bytes(ProblemKind kind, string text) => kind switch
    {
        ProblemKind.NotUtf8 => Encoding.Unicode.GetBytes(text),
        ProblemKind.BadUtf8 => [.. Encoding.UTF8.GetBytes(text).Select(b => b == 0xEF ? (byte)0xFF : b)],
        _ => Encoding.UTF8.GetBytes(text),
    };
}
