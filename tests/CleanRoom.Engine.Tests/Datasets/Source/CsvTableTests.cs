using System.Buffers;
using System.Text;
using CleanRoom.Datasets;
using CleanRoom.Datasets.Problems;
using CleanRoom.Datasets.Source;
using CleanRoom.Datasets.Source.CsvFormat;
using CleanRoom.Engine.Tests.Support;
using CleanRoom.Protocol.Documents;
using CsCheck;

namespace CleanRoom.Engine.Tests.Datasets.Source;

public sealed class CsvTableTests
{
    private static readonly Gen<string> Words = Gens.OneOf(
        "a", "\"", "\"\"", ",", "\n", "\r\n", "\r", "é", "€", "😀", " ", "ab,c", "Ω\"", "0").Array[0, 6].Select(string.Concat);

    [Fact]
    public async Task Read_quoted_text_gives_the_text()
    {
        var rows = await RowsAsync("a,b\r\n\"x,\"\"y\"\"\n\",z\n");

        rows.Should().BeEquivalentTo(new[] { new[] { "x,\"y\"\n", "z" } }, strict => strict.WithStrictOrdering());
    }

    [Fact]
    public async Task Read_empty_field_quoted_or_not_is_null() =>
        (await RowsAsync("a,b,c\n,\"\",x")).Should().ContainSingle().Which.Should().Equal(null, null, "x");

    [Fact]
    public async Task Read_utf8_mark_is_skipped()
    {
        var (table, _) = await OpenAsync([.. Encoding.UTF8.Preamble, .. "a\n1\n"u8]);
        using var opened = table;

        table!.Columns.Should().Equal("a");
    }

    [Fact]
    public async Task Read_any_records_written_gives_them_back()
    {
        var records = Gen.Int[1, 4].SelectMany(width => Words.Array[width].Array[1, 8]);

        await records.SampleAsync(async written =>
        {
            var output = new ArrayBufferWriter<byte>();
            var writer = new CsvWriter(output);
            Write(writer, [.. Enumerable.Range(0, written[0].Length).Select(i => $"c{i}")]);
            foreach (var record in written)
            {
                Write(writer, record);
            }

            var read = await RowsAsync(output.WrittenSpan.ToArray(), pieces: 3);
            return read.Count == written.Length
                && read.Zip(written).All(pair => pair.First.SequenceEqual(pair.Second.Select(text => text.Length == 0 ? null : text)));
        }, iter: 500);
    }

    [Fact]
    public async Task Read_in_pieces_of_any_size_gives_the_same()
    {
        var text = "a,b\r\n\"x\"\"\r\n\",\"\"\r\né,\"😀\"\r\n"u8.ToArray();
        var whole = await RowsAsync(text);

        for (var piece = 1; piece < 9; piece++)
        {
            (await RowsAsync(text, piece)).Should().BeEquivalentTo(whole, strict => strict.WithStrictOrdering());
        }
    }

    [Theory]
    [InlineData("", ProblemKind.HeaderMissing)]
    [InlineData("\n1\n", ProblemKind.HeaderMissing)]
    [InlineData("a,b,a\n1,2,3\n", ProblemKind.HeaderDuplicate)]
    [InlineData("a,,c\n1,2,3\n", ProblemKind.HeaderBlank)]
    [InlineData("a, \n1,2\n", ProblemKind.HeaderBlank)]
    [InlineData("\"a\n1\n", ProblemKind.QuoteUnterminated)]
    public async Task Open_bad_header_is_named(string text, ProblemKind kind)
    {
        var (table, problem) = await OpenAsync(Encoding.UTF8.GetBytes(text));

        table.Should().BeNull();
        problem!.Kind.Should().Be(kind);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x61, 0x00 })]
    [InlineData(new byte[] { 0xFE, 0xFF, 0x00, 0x61 })]
    public async Task Open_utf16_is_named(byte[] bytes)
    {
        var (_, problem) = await OpenAsync(bytes);

        problem!.Kind.Should().Be(ProblemKind.NotUtf8);
    }

    [Fact]
    public async Task Open_bad_utf8_in_header_is_named()
    {
        var (_, problem) = await OpenAsync([(byte)'a', 0xC3, (byte)'\n', (byte)'1']);

        problem!.Kind.Should().Be(ProblemKind.BadUtf8);
    }

    [Fact]
    public async Task Open_more_columns_than_allowed_is_named()
    {
        var (_, problem) = await OpenAsync(Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(0, DatasetLimits.Columns + 1))));

        problem!.Kind.Should().Be(ProblemKind.TooManyColumns);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3\n", ProblemKind.RaggedRow)]
    [InlineData("a,b\n1,2\n3,4,5\n", ProblemKind.RaggedRow)]
    [InlineData("a,b\n1,2\n3,x\"y\n", ProblemKind.QuoteMisplaced)]
    [InlineData("a,b\n1,2\n3,\"x\"y\n", ProblemKind.QuoteMisplaced)]
    [InlineData("a,b\n1,2\n3,x\0\n", ProblemKind.NulCharacter)]
    [InlineData("a,b\n1,2\n3,x\ry\n", ProblemKind.BadLineEnd)]
    public async Task Read_bad_record_is_marked_with_its_number_and_reading_goes_on(string text, ProblemKind kind)
    {
        var faults = await FaultsAsync(Encoding.UTF8.GetBytes(text + "\n7,8\n"));

        faults.Should().Contain((2, kind));
        faults.Should().OnlyContain(fault => fault.Row == 2 || fault.Kind == ProblemKind.RaggedRow);
    }

    [Fact]
    public async Task Read_cr_at_the_end_of_the_file_is_a_bad_line_end() =>
        (await FaultsAsync("a,b\n1,2\n3,x\r"u8.ToArray())).Should().Equal((2, ProblemKind.BadLineEnd));

    [Fact]
    public async Task Open_file_with_cr_as_line_end_is_named()
    {
        var (_, problem) = await OpenAsync("a,b\r1,2\r"u8.ToArray());

        (problem!.Kind, problem.Row).Should().Be((ProblemKind.BadLineEnd, 0));
    }

    [Fact]
    public async Task Read_bad_utf8_beyond_the_last_column_is_marked_without_a_column()
    {
        var (table, _) = await OpenAsync([.. "a\n1,"u8, 0xC3, (byte)'\n']);
        using var opened = table;
        await table!.ReadAsync(TestContext.Current.CancellationToken);

        table.Row.Faults.Select(fault => (fault.Kind, table.ColumnOf(fault))).Should().Equal(
            (ProblemKind.RaggedRow, null), (ProblemKind.BadUtf8, null));
    }

    [Fact]
    public async Task Read_sequence_broken_over_two_cells_is_bad_utf8() =>
        (await FaultsAsync([.. "a,b\n"u8, 0xC3, (byte)',', 0xA9, (byte)'\n'])).Should().Equal((1, ProblemKind.BadUtf8), (1, ProblemKind.BadUtf8));

    [Theory]
    [InlineData("a\n1\n\"x", ProblemKind.QuoteUnterminated)]
    [InlineData("a\n1\n\"x\n\n\n", ProblemKind.QuoteUnterminated)]
    public async Task Read_open_quote_stops_at_the_record_where_it_began(string text, ProblemKind kind)
    {
        var (table, _) = await OpenAsync(Encoding.UTF8.GetBytes(text));
        using var opened = table;
        while (await table!.ReadAsync(TestContext.Current.CancellationToken))
        {
        }

        (table.Fault!.Kind, table.Fault.Row).Should().Be((kind, 2));
    }

    [Theory]
    [InlineData((byte)'x', ProblemKind.CellTooLarge)]
    [InlineData((byte)'"', ProblemKind.CellTooLarge)]
    public async Task Read_cell_without_end_stops_at_the_limit(byte content, ProblemKind kind)
    {
        var endless = new EndlessStream([.. "a\n\""u8], content);
        var (table, _) = await TableOpener.OpenAsync(endless, TestContext.Current.CancellationToken);
        using var opened = table;

        (await table!.ReadAsync(TestContext.Current.CancellationToken)).Should().BeFalse();
        table.Fault!.Kind.Should().Be(kind);
        endless.Delivered.Should().BeLessThan(4 * DatasetLimits.CellBytes);
    }

    [Fact]
    public async Task Read_record_of_many_large_cells_stops_at_the_limit()
    {
        var cell = new string('x', DatasetLimits.CellBytes);
        var (table, _) = await OpenAsync(Encoding.UTF8.GetBytes($"a,b,c,d,e\n{cell},{cell},{cell},{cell},x\n"));
        using var opened = table;

        (await table!.ReadAsync(TestContext.Current.CancellationToken)).Should().BeFalse();
        table.Fault!.Kind.Should().Be(ProblemKind.RowTooLarge);
    }

    private static async Task<List<(long Row, ProblemKind Kind)>> FaultsAsync(byte[] text)
    {
        var (table, _) = await OpenAsync(text);
        using var opened = table;
        var faults = new List<(long, ProblemKind)>();
        while (await table!.ReadAsync(TestContext.Current.CancellationToken))
        {
            faults.AddRange(table.Row.Faults.Select(fault => (table.Row.Number, fault.Kind)));
        }

        return faults;
    }

    private static Task<List<string?[]>> RowsAsync(string text) => RowsAsync(Encoding.UTF8.GetBytes(text));

    private static async Task<List<string?[]>> RowsAsync(byte[] text, int pieces = int.MaxValue)
    {
        var (table, _) = await TableOpener.OpenAsync(new PiecewiseStream(text, pieces), TestContext.Current.CancellationToken);
        using var opened = table;
        table!.Format.Should().Be(SourceFormat.Csv);
        var rows = new List<string?[]>();
        while (await table.ReadAsync(TestContext.Current.CancellationToken))
        {
            table.Row.Faults.Should().BeEmpty();
            rows.Add([.. Enumerable.Range(0, table.Row.CellCount)
                .Select(i => table.Row.IsNull(i) ? null : Encoding.UTF8.GetString(table.Row.Cell(i).Span))]);
        }

        table.Fault.Should().BeNull();
        return rows;
    }

    private static Task<(SourceTable? Table, DatasetProblem? Problem)> OpenAsync(byte[] text) =>
        TableOpener.OpenAsync(new MemoryStream(text), TestContext.Current.CancellationToken);

    private static void Write(CsvWriter writer, string[] record)
    {
        foreach (var text in record)
        {
            writer.Field(Encoding.UTF8.GetBytes(text));
        }

        writer.EndRecord();
    }
}
