using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Check.Blocks;
using CleanRoom.Datasets.Conversion;
using CleanRoom.Datasets.Problems;
using CleanRoom.Engine.Tests.Support;
using CleanRoom.Protocol.Documents;
using CsCheck;

namespace CleanRoom.Engine.Tests.Datasets.Conversion;

public sealed class DatasetIngestTests
{
    private const string AllColumns =
        "select b::varchar, i::varchar, l::varchar, d::varchar, s, dt::varchar, epoch_us(t)::varchar, u::varchar, lower(hex(h)) from {file}";

    private static readonly Dataset AllTypes = DatasetContracts.Of(
        null,
        1,
        new DatasetColumn("b", ColumnType.Boolean),
        new DatasetColumn("i", ColumnType.Int32),
        new DatasetColumn("l", ColumnType.Int64),
        new DatasetColumn("d", ColumnType.Decimal) { Scale = 6 },
        new DatasetColumn("s", ColumnType.String),
        new DatasetColumn("dt", ColumnType.Date),
        new DatasetColumn("t", ColumnType.Timestamp),
        new DatasetColumn("u", ColumnType.Uuid),
        new DatasetColumn("h", ColumnType.Sha256));

    private static readonly Gen<string?[]> Rows = Gen.Select(
        Gen.Select(
            Gen.Bool.Select(value => value ? "true" : "false"),
            Gen.Int.Select(value => value.ToString(CultureInfo.InvariantCulture)),
            Gen.Long.Select(value => value.ToString(CultureInfo.InvariantCulture)),
            Gen.Long[-999_999_999_999_999_999, 999_999_999_999_999_999].Select(value => (value / 1_000_000m).ToString("F6", CultureInfo.InvariantCulture)),
            Gens.OneOf("a", "\"", ",", "\n", "\r\n", "é", "😀", "'", "0", "x y").Array[1, 6].Select(string.Concat)),
        Gen.Select(
            Gen.Int[0, 3_652_058].Select(day => DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            Gen.Long[-62_135_596_800_000_000, 253_402_300_799_999_999].Select(micros => micros.ToString(CultureInfo.InvariantCulture)),
            Gen.Guid.Select(value => value.ToString("D")),
            Gen.Byte.Array[32].Select(Convert.ToHexStringLower)),
        Gen.Bool.Array[9],
        (first, second, nulls) => new string?[]
        {
            first.Item1, first.Item2, first.Item3, first.Item4, first.Item5, second.Item1, second.Item2, second.Item3, second.Item4,
        }.Zip(nulls, (text, isNull) => isNull ? null : text).ToArray());

    [Fact]
    public async Task Run_any_rows_are_read_back_by_the_engine_with_the_same_values()
    {
        await Rows.Array[1, 30].SampleAsync(async rows =>
        {
            using var file = new TemporaryFile();
            var outcome = await IngestAsync(Csv(AllTypes, rows.Select(ToCsv)), AllTypes, file);

            return outcome.Report.Accepted && Same(file.Query(AllColumns), rows);
        }, iter: 100);
    }

    [Fact]
    public async Task Run_converted_file_ingested_again_gives_the_same_values()
    {
        await Rows.Array[1, 30].SampleAsync(async rows =>
        {
            using var file = new TemporaryFile();
            using var again = new TemporaryFile();
            await IngestAsync(Csv(AllTypes, rows.Select(ToCsv)), AllTypes, file);
            var outcome = await IngestAsync(await File.ReadAllBytesAsync(file.FullName), AllTypes, again);

            return outcome.Report is { Accepted: true, Format: SourceFormat.Parquet } && Same(again.Query(AllColumns), rows);
        }, iter: 100);
    }

    [Fact]
    public async Task Run_statistics_let_no_filter_lose_a_row()
    {
        // Row groups are skipped by their statistics: wrong ones would lose rows without an error.
        var rows = Enumerable.Range(0, ParquetConverter.RowGroupRows + 500)
            .Select(i => new[] { (i - 60_000).ToString(CultureInfo.InvariantCulture), $"{(i % 977) - 400}.{i % 100:D2}", $"é{i}" }).ToArray();
        var contract = DatasetContracts.Of(
            new DatasetColumn("id", ColumnType.Int32) { Nullable = false },
            new DatasetColumn("v", ColumnType.Decimal) { Nullable = false },
            new DatasetColumn("s", ColumnType.String) { Nullable = false });
        using var file = new TemporaryFile();

        var outcome = await IngestAsync(Csv(contract, rows), contract, file);

        outcome.RowGroups.Should().Be(2);
        foreach (var row in new[] { rows[0], rows[60_000], rows[^501], rows[^500], rows[^1] })
        {
            file.Query($"select count(*) from {{file}} where id = {row[0]} and v = {row[1]} and s = '{row[2]}'")[0].Should().Equal("1");
        }

        file.Query("select count(*) from {file} where v < -399")[0].Should().Equal(
            rows.Count(row => decimal.Parse(row[1], CultureInfo.InvariantCulture) < -399).ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Run_text_bounds_are_ordered_by_bytes()
    {
        // UTF-16 puts U+20BB7 before U+FF21 and UTF-8 behind it: with bounds in the wrong order the engine finds neither.
        var contract = DatasetContracts.Of(null, 1, new DatasetColumn("s", ColumnType.String));
        using var file = new TemporaryFile();

        await IngestAsync("s\n\uFF21\n\U00020BB7\n"u8.ToArray(), contract, file);

        file.Query("select count(*) from {file} where s = '\uFF21'")[0].Should().Equal("1");
        file.Query("select count(*) from {file} where s = '\U00020BB7'")[0].Should().Equal("1");
    }

    [Fact]
    public async Task Run_text_too_long_for_a_bound_leaves_the_row_group_without_bounds()
    {
        var contract = DatasetContracts.Of(null, 1, new DatasetColumn("s", ColumnType.String));
        var text = new string('m', ColumnBounds.LongestText + 1);
        using var file = new TemporaryFile();

        await IngestAsync(Encoding.UTF8.GetBytes($"s\na\n{text}\nz\n"), contract, file);

        file.Query("select stats_min_value, stats_max_value, stats_null_count from parquet_metadata({file})")[0].Should().Equal(null, null, "0");
        file.Query($"select count(*) from {{file}} where s in ('a', 'z', '{text}')")[0].Should().Equal("3");
    }

    [Fact]
    public async Task Run_same_rows_give_the_same_bytes()
    {
        var csv = Csv(AllTypes, Enumerable.Range(0, 100).Select(i => new[] { "1", $"{i}", null, "1.5", $"t{i}", "2024-01-01", null, null, null }));
        var (first, second) = (new MemoryStream(), new MemoryStream());

        foreach (var output in new[] { first, second })
        {
            await DatasetIngest.RunAsync(new MemoryStream(csv), AllTypes, PlainIdentifiers.Instance, output, progress: null, TestContext.Current.CancellationToken);
        }

        first.ToArray().Should().Equal(second.ToArray());
    }

    [Fact]
    public async Task Run_wide_rows_end_a_row_group_by_their_bytes()
    {
        var contract = DatasetContracts.Of(null, 1, new DatasetColumn("s", ColumnType.String));
        var cell = new string('x', 1_000_000);
        using var file = new TemporaryFile();

        var outcome = await IngestAsync(Encoding.UTF8.GetBytes("s\n" + string.Concat(Enumerable.Repeat(cell + "\n", 70))), contract, file);

        // 67 x 1,000,000 bytes and their lengths are the first to reach 64 MiB (68 for 67,108,864).
        outcome.RowGroups.Should().Be(2);
        file.Query("select distinct row_group_num_rows from parquet_metadata({file}) order by 1").Select(row => row[0]).Should().Equal("2", "68");
    }

    [Fact]
    public async Task Run_writes_row_groups_while_it_reads()
    {
        var contract = DatasetContracts.Of(null, 1, new DatasetColumn("i", ColumnType.Int64));
        var output = new MemoryStream();
        var seen = new List<(long Read, long Written)>();
        var csv = Encoding.UTF8.GetBytes("i\n" + string.Concat(Enumerable.Range(0, 300_000).Select(i => $"{i}\n")));

        // With one processor nothing is written behind: what is out is out when progress is told.
        await DatasetIngest.RunAsync(
            new MemoryStream(csv),
            contract,
            PlainIdentifiers.Instance,
            OnePartition.Instance,
            [output],
            new ActionProgress<IngestProgress>(progress => seen.Add((progress.BytesRead, output.Length))),
            BlockOptions.Alone,
            TestContext.Current.CancellationToken);

        seen.Should().Contain(at => at.Read < csv.Length / 2 && at.Written > 0, "the first row group is out before half of the file is in");
        seen.Should().BeInAscendingOrder(at => at.Read);
        seen[^1].Read.Should().Be(csv.Length);
    }

    [Fact]
    public async Task Run_cancelled_between_records_stops()
    {
        using var stop = new CancellationTokenSource();
        var contract = DatasetContracts.Of(null, 1, new DatasetColumn("i", ColumnType.Int64));
        var csv = Encoding.UTF8.GetBytes("i\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i}\n")));
        var rows = 0L;

        var run = () => DatasetIngest.RunAsync(
            new MemoryStream(csv),
            contract, PlainIdentifiers.Instance,
            new MemoryStream(),
            new ActionProgress<IngestProgress>(progress =>
            {
                rows = progress.Rows;
                stop.Cancel();
            }),
            stop.Token);

        await run.Should().ThrowAsync<OperationCanceledException>();
        rows.Should().BeLessThan(100_000);
    }

    [Fact]
    public async Task Run_identifiers_are_stored_in_their_normal_form()
    {
        var contract = DatasetContracts.Of(
            null, 1, new DatasetColumn("mail", ColumnType.String) { Normalise = "email.uid2.v1" }, new DatasetColumn("phone", ColumnType.String) { Normalise = "phone.e164.v1" });
        using var file = new TemporaryFile();

        var outcome = await IngestAsync("mail,phone\n Jane.Saoirse+Work@GMail.com ,+1 (555) 010-0199\na@b.example,+15550100199\n,\n"u8.ToArray(), contract, file);

        (outcome.Report.Accepted, outcome.Report.NormalisedCells, outcome.Report.RoundedCells).Should().Be((true, 2, 0));
        file.Query("select mail, phone from {file}").Should().BeEquivalentTo(
            new[] { new string?[] { "janesaoirse@gmail.com", "+15550100199" }, ["a@b.example", "+15550100199"], [null, null] }, strict => strict.WithStrictOrdering());
    }

    [Fact]
    public async Task Run_identifiers_of_the_rekeyed_profiles_are_stored_as_tokens_alone()
    {
        var contract = DatasetContracts.Of(
            null,
            1,
            new DatasetColumn("mail", ColumnType.String) { Normalise = "email.uid2.v1" },
            new DatasetColumn("hash", ColumnType.Sha256) { Normalise = "email.uid2.v1" },
            new DatasetColumn("phone", ColumnType.String) { Normalise = "phone.e164.v1" });
        using var file = new TemporaryFile();
        var digest = new string('a', 64);

        var outcome = await IngestAsync(
            Encoding.UTF8.GetBytes($"mail,hash,phone\n A.B@GMail.com ,{digest},+15550100199\nab@gmail.com,,+15550100199\n,{digest},\n"), contract, file, new TurnedDigests("email.uid2.v1"));

        outcome.Report.Accepted.Should().BeTrue();
        var (ab, hashed) = (TurnedDigests.Token("ab@gmail.com"u8.ToArray()), TurnedDigests.Token(Convert.FromHexString(digest)));
        file.Query("select lower(hex(mail)), lower(hex(hash)), phone, typeof(mail) from {file}").Should().BeEquivalentTo(
            new[] { new string?[] { ab, hashed, "+15550100199", "BLOB" }, [ab, null, "+15550100199", "BLOB"], [null, hashed, null, "BLOB"] }, strict => strict.WithStrictOrdering());
    }

    [Fact]
    public async Task Run_unit_is_counted_in_its_normal_form()
    {
        var contract = DatasetContracts.Of("mail", 1, new DatasetColumn("mail", ColumnType.String) { Normalise = "email.basic.v1" });

        var outcome = await DatasetIngest.RunAsync(
            new MemoryStream("mail\na@b.example\nA@B.example\n"u8.ToArray()), contract, PlainIdentifiers.Instance, new MemoryStream(), progress: null, TestContext.Current.CancellationToken);

        outcome.Report.Problems.Should().ContainSingle().Which.Kind.Should().Be(ProblemKind.TooManyRowsPerUnit);
    }

    [Fact]
    public async Task Run_rounding_is_half_even_and_counted()
    {
        var contract = DatasetContracts.Of(null, 1, new DatasetColumn("v", ColumnType.Decimal));
        using var file = new TemporaryFile();

        var outcome = await IngestAsync("v\n0.125\n0.135\n-0.125\n2.5000\n0.1250001\n"u8.ToArray(), contract, file);

        outcome.Report.RoundedCells.Should().Be(4);
        file.Query("select v::varchar from {file}").Select(row => row[0]).Should().Equal("0.12", "0.14", "-0.12", "2.50", "0.13");
    }

    [Fact]
    public async Task Run_physical_types_are_those_of_the_specification()
    {
        using var file = new TemporaryFile();
        await IngestAsync(Csv(AllTypes, [["1", "", "", "", "", "", "", "", ""]]), AllTypes, file);

        file.Query("describe select * from {file}").Select(column => (column[0], column[1])).Should().Equal(
            ("b", "BOOLEAN"), ("i", "INTEGER"), ("l", "BIGINT"), ("d", "DECIMAL(18,6)"), ("s", "VARCHAR"),
            ("dt", "DATE"), ("t", "TIMESTAMP"), ("u", "UUID"), ("h", "BLOB"));
        file.Query("select type from parquet_schema({file}) where name in ('d', 'u')").Should().BeEquivalentTo(
            new[] { new[] { "INT64" }, new[] { "FIXED_LEN_BYTE_ARRAY" } });
    }

    [Fact]
    public async Task Run_contract_order_is_the_order_of_the_columns()
    {
        var contract = DatasetContracts.Of(new DatasetColumn("a", ColumnType.Int32), new DatasetColumn("b", ColumnType.Int32));
        using var file = new TemporaryFile();

        await IngestAsync(Encoding.UTF8.GetBytes("b,a\n1,2\n"), contract, file);

        file.Query("select * from {file}")[0].Should().Equal("2", "1");
    }

    [Fact]
    public async Task Run_refused_file_writes_nothing_after_the_first_problem()
    {
        var contract = DatasetContracts.Of(new DatasetColumn("a", ColumnType.Int32));
        var output = new MemoryStream();

        var outcome = await DatasetIngest.RunAsync(
            new MemoryStream(Encoding.UTF8.GetBytes("a\nx\n" + string.Concat(Enumerable.Repeat("1\n", 200_000)))),
            contract, PlainIdentifiers.Instance,
            output,
            progress: null,
            TestContext.Current.CancellationToken);

        (outcome.Report.Accepted, outcome.ParquetBytes, outcome.RowGroups, output.Length).Should().Be((false, 0, 0, 0));
        outcome.Report.Rows.Should().Be(200_001);
    }

    private static async Task<IngestOutcome> IngestAsync(byte[] source, Dataset contract, TemporaryFile file, IIdentifierRekeyer? rekeyer = null)
    {
        await using var output = File.Create(file.FullName);
        return await DatasetIngest.RunAsync(new MemoryStream(source), contract, rekeyer ?? PlainIdentifiers.Instance, output, progress: null, TestContext.Current.CancellationToken);
    }

    private static string?[] ToCsv(string?[] row) =>
        [.. row.Select((text, i) => i == 6 && text is not null ? Time(long.Parse(text, CultureInfo.InvariantCulture)) : text)];

    private static string Time(long micros) =>
        DateTime.UnixEpoch.AddTicks(micros * 10).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static byte[] Csv(Dataset contract, IEnumerable<string?[]> rows)
    {
        var text = new StringBuilder().AppendJoin(',', contract.Schema.Select(column => column.Name)).Append('\n');
        foreach (var row in rows)
        {
            text.AppendJoin(',', row.Select(cell => cell is null ? "" : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static bool Same(List<string?[]> read, string?[][] written) =>
        read.Count == written.Length && read.Zip(written).All(pair => pair.First.SequenceEqual(pair.Second));

    /// <summary>Tokens that a reader recognises: the identifier's digest turned round.</summary>
    private sealed class TurnedDigests(string profile) : IIdentifierRekeyer
    {
        public static string Token(byte[] identifier) => Convert.ToHexStringLower([.. SHA256.HashData(identifier).Reverse()]);

        public bool Rekeys(string name) => name == profile;

        public void Rekey(string name, ReadOnlySpan<byte> identifier, Span<byte> token)
        {
            name.Should().Be(profile);
            Convert.FromHexString(Token(identifier.ToArray())).CopyTo(token);
        }
    }
}
