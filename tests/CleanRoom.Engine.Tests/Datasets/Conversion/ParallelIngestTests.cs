using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Datasets;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Check.Blocks;
using CleanRoom.Datasets.Conversion;
using CleanRoom.Datasets.Problems;
using CleanRoom.Engine.Tests.Datasets.Source;
using CleanRoom.Engine.Tests.Support;
using CleanRoom.Protocol.Documents;
using CsCheck;

namespace CleanRoom.Engine.Tests.Datasets.Conversion;

/// <summary>However the work is divided, report and bytes are the same.</summary>
public sealed class ParallelIngestTests
{
    private static readonly int[] Processors = [1, 2, 8];

    private static readonly Dataset Visits = DatasetContracts.Of(
        "person",
        3,
        new DatasetColumn("person", ColumnType.Int32),
        new DatasetColumn("key", ColumnType.String) { Unique = true },
        new DatasetColumn("amount", ColumnType.Decimal) { Clamp = new ClampBounds { Min = -5, Max = 5 } },
        new DatasetColumn("mail", ColumnType.String) { Normalise = "email.uid2.v1" },
        new DatasetColumn("day", ColumnType.Date) { Nullable = false },
        new DatasetColumn("code", ColumnType.String) { Domain = new ColumnDomain { Values = ["a", "b", "a,b"] } });

    // Of every kind: good cells, cells with a problem of their own, cells that collide with others, and text that is no record.
    private static readonly Gen<string> Lines = Gen.Frequency(
        (20, Record(Gens.OneOf("1", "2", "3", "0", "", "77"), Gen.Int[0, 40].Select(i => $"k{i}"), Gens.OneOf("1.5", "0.125", "", "\"-2\""), Gens.OneOf("a@b.example", " A.b+c@GMAIL.com ", ""), Gens.OneOf("2024-01-01"), Gens.OneOf("a", "b", "\"a,b\"", ""))),
        (2, Record(Gens.OneOf("x", "3000000000"), Gens.OneOf("\"k\n1\"", "\"k\"\"2\"", "é"), Gens.OneOf("9", "1e5"), Gens.OneOf("nobody", "unknown"), Gens.OneOf("", "2024-02-30"), Gens.OneOf("c"))),
        (1, Gens.OneOf("1,2\n", "\n", "1,k\"9,1,,2024-01-01,a\n", "1,kr\r2,1,,2024-01-01,a\n", "1,\0,1,,2024-01-01,a\r\n", "1,\"k\"x,1,,2024-01-01,a\n")));

    private static readonly Gen<string> Tables = Lines.Array[0, 80].Select(lines => "person,key,amount,mail,day,code\n" + string.Concat(lines));

    private static Gen<string> Record(params Gen<string>[] cells) =>
        Gen.Select(Gen.Select(cells[0], cells[1], cells[2]), Gen.Select(cells[3], cells[4], cells[5]), Gens.OneOf("\n", "\r\n"), (a, b, end) =>
            string.Join(',', a.Item1, a.Item2, a.Item3, b.Item1, b.Item2, b.Item3) + end);

    [Fact]
    public async Task Run_any_table_gives_the_same_report_and_bytes_for_any_division()
    {
        await Gen.Select(Tables, Gen.Int[1, 90], Gens.OneOf(1, 4)).SampleAsync(async (table, piece, partitions) =>
        {
            var csv = Encoding.UTF8.GetBytes(table);
            var alone = await IngestAsync(csv, Visits, partitions, new BlockOptions { Processors = 1 });
            foreach (var processors in Processors)
            {
                var other = await IngestAsync(csv, Visits, partitions, new BlockOptions { Processors = processors, PieceBytes = piece });
                if (!alone.Report.SequenceEqual(other.Report) || !alone.Files.Zip(other.Files).All(pair => pair.First.SequenceEqual(pair.Second)))
                {
                    return false;
                }
            }

            return true;
        }, iter: 300);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Run_many_row_groups_give_the_same_bytes(int partitions)
    {
        var contract = DatasetContracts.Of(
            "id", 600, new DatasetColumn("id", ColumnType.Int64), new DatasetColumn("v", ColumnType.Decimal), new DatasetColumn("b", ColumnType.Boolean), new DatasetColumn("s", ColumnType.String));
        var csv = Csv(partitions * 130_000);
        var alone = await IngestAsync(csv, contract, partitions, new BlockOptions { Processors = 1 });

        foreach (var processors in Processors.Skip(1))
        {
            var other = await IngestAsync(csv, contract, partitions, new BlockOptions { Processors = processors, PieceBytes = 50_000 });

            other.Report.Should().Equal(alone.Report);
            other.Files.Zip(alone.Files).Should().OnlyContain(pair => pair.First.SequenceEqual(pair.Second));
        }

        alone.Files.Should().OnlyContain(file => file.Length > 0);
    }

    [Fact]
    public async Task Run_bytes_are_those_of_the_format()
    {
        var contract = DatasetContracts.Of(
            "id", 600, new DatasetColumn("id", ColumnType.Int64), new DatasetColumn("v", ColumnType.Decimal), new DatasetColumn("b", ColumnType.Boolean), new DatasetColumn("s", ColumnType.String));

        var (_, files) = await IngestAsync(Csv(130_000), contract, partitions: 1, new BlockOptions { Processors = 2 });

        Convert.ToHexStringLower(SHA256.HashData(files[0])).Should().Be("06319363ff85de59edd03a895495d3c3c6fb7cb932105b026e881a84a9a8f40b");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Run_hundreds_of_problems_keep_the_first_of_each_kind_in_the_order_of_rows(int processors)
    {
        var contract = DatasetContracts.Of("id", 1, new DatasetColumn("id", ColumnType.Int32), new DatasetColumn("u", ColumnType.Int32) { Unique = true });

        // Odd rows repeat a value, every third has another type, and every unit has a row too many but 0, which is nobody.
        var csv = Encoding.UTF8.GetBytes("id,u\n" + string.Concat(Enumerable.Range(0, 600).Select(i => i % 3 == 2 ? $"{i / 2},x\n" : $"{i / 2},{(i % 2 == 1 ? 7 : i)}\n")));
        var outcome = await RunAsync(new MemoryStream(csv), contract, [new MemoryStream()], new BlockOptions { Processors = processors, PieceBytes = 64 });

        outcome.Report.Problems.GroupBy(problem => problem.Kind).Should().OnlyContain(kind => kind.Count() == Math.Min(100, outcome.Report.ProblemCounts[kind.Key]));
        outcome.Report.Problems.Select(problem => problem.Row).Should().BeInAscendingOrder();
        outcome.Report.ProblemCounts.Should().BeEquivalentTo(
            new Dictionary<ProblemKind, long> { [ProblemKind.WrongType] = 200, [ProblemKind.DuplicateValue] = 199, [ProblemKind.TooManyRowsPerUnit] = 299 });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task Run_cancelled_in_the_middle_stops(int processors)
    {
        using var stop = new CancellationTokenSource();
        var told = 0;

        var run = () => DatasetIngest.RunAsync(
            new EndlessStream([.. "i\n"u8], (byte)'\n'),
            DatasetContracts.Of(null, 1, new DatasetColumn("i", ColumnType.Int64)),
            PlainIdentifiers.Instance,
            OnePartition.Instance,
            [new MemoryStream()],
            new ActionProgress<IngestProgress>(_ =>
            {
                if (++told == 3)
                {
                    stop.Cancel();
                }
            }),
            new BlockOptions { Processors = processors },
            stop.Token);

        await run.Should().ThrowAsync<OperationCanceledException>();
        told.Should().Be(3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Run_source_that_fails_in_the_middle_fails_the_run(int processors)
    {
        var source = new BrokenStream(Encoding.UTF8.GetBytes("i\n" + string.Concat(Enumerable.Range(0, 2_000).Select(i => $"{i}\n"))));

        var run = () => RunAsync(source, DatasetContracts.Of(null, 1, new DatasetColumn("i", ColumnType.Int64)), [new MemoryStream()], new BlockOptions { Processors = processors, PieceBytes = 100 });

        (await run.Should().ThrowAsync<IOException>()).WithMessage("broken");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Run_text_that_cannot_be_read_on_is_reported_though_the_source_fails_behind_it(int processors)
    {
        var source = new BrokenStream([.. "i\n1\n2\n"u8, .. new byte[DatasetLimits.CellBytes + 1].Select(_ => (byte)'3')]);

        var outcome = await RunAsync(source, DatasetContracts.Of(null, 1, new DatasetColumn("i", ColumnType.Int64)), [new MemoryStream()], new BlockOptions { Processors = processors, PieceBytes = 1_000 });

        outcome.Report.Problems.Should().ContainSingle().Which.Should().Match<DatasetProblem>(problem => problem.Kind == ProblemKind.CellTooLarge && problem.Row == 3);
        (outcome.Report.Rows, outcome.Report.Bytes).Should().Be((2, 6));
    }

    [Theory]
    [InlineData(2, (byte)'x')]
    [InlineData(8, (byte)'"')]
    public async Task Run_cell_without_end_ends_the_run(int processors, byte content)
    {
        var outcome = await RunAsync(
            new EndlessStream([.. "i\n1\n\""u8], content), DatasetContracts.Of(null, 1, new DatasetColumn("i", ColumnType.String)), [new MemoryStream()], new BlockOptions { Processors = processors });

        outcome.Report.Problems.Should().ContainSingle().Which.Kind.Should().Be(ProblemKind.CellTooLarge);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task Run_output_that_fails_fails_the_run(int processors)
    {
        var csv = Encoding.UTF8.GetBytes("i\n" + string.Concat(Enumerable.Range(0, 400_000).Select(i => $"{i}\n")));

        var run = () => RunAsync(new MemoryStream(csv), DatasetContracts.Of(null, 1, new DatasetColumn("i", ColumnType.Int64)), [new BrokenStream([])], new BlockOptions { Processors = processors });

        (await run.Should().ThrowAsync<IOException>()).WithMessage("broken");
    }

    private static byte[] Csv(int rows) => Encoding.UTF8.GetBytes("id,v,b,s\n" + string.Concat(Enumerable.Range(0, rows).Select(
        i => string.Create(CultureInfo.InvariantCulture, $"{(i % 11 == 0 ? "" : i * 31 % 99_991)},{i % 100}.{i % 7},{(i % 3 == 0 ? "true" : "0")},{(i % 5 == 0 ? "" : $"t{i % 1_000}")}\n"))));

    private static async Task<(byte[] Report, ImmutableArray<byte[]> Files)> IngestAsync(byte[] csv, Dataset contract, int partitions, BlockOptions blocks)
    {
        ImmutableArray<Stream> outputs = [.. Enumerable.Range(0, partitions).Select(_ => new MemoryStream())];
        var outcome = await RunAsync(new MemoryStream(csv), contract, outputs, blocks);
        return (IngestReportCodec.Encode(outcome.Report), outcome.Report.Accepted ? [.. outputs.Select(output => ((MemoryStream)output).ToArray())] : []);
    }

    private static Task<IngestOutcome> RunAsync(Stream source, Dataset contract, ImmutableArray<Stream> outputs, BlockOptions blocks) => DatasetIngest.RunAsync(
        source, contract, PlainIdentifiers.Instance, new FirstByte(outputs.Length), outputs, progress: null, blocks, TestContext.Current.CancellationToken);

    private sealed class FirstByte(int count) : IUnitPartitioner
    {
        public int Count => count;

        public int Of(ReadOnlySpan<byte> unit) => unit[0] % count;
    }
}
