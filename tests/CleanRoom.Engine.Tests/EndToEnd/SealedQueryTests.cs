using System.Collections.Immutable;
using CleanRoom.Engine.Loading;
using CleanRoom.Engine.Memory;
using CleanRoom.Engine.ParquetFormat;
using CleanRoom.Engine.Results;
using CleanRoom.Engine.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Engine.Tests.EndToEnd;

/// <summary>From sealed parts to rows: Parquet.Net writes, the owner's key seals, the loader opens by segment, an engine answers.</summary>
public sealed class SealedQueryTests(EngineFixture engine)
{
    // As 8 MiB parts of a larger file: several parts of several segments, no boundary shared with a page.
    private const int PartBytes = 700_001;

    // What the generator writes for "mean value and people by site": sums, counts and hidden distinct units, no average.
    private const string JoinSql =
        "SELECT t1.\"site\" AS g0, sum(t0.\"value\") AS n0, count(t0.\"value\") AS m0, count(DISTINCT t0.\"id\") AS u0_0 "
        + "FROM engine_input_0 t0 JOIN engine_input_1 t1 ON t0.\"id\" = t1.\"id\" WHERE t0.\"kind\" = 'kind-1' GROUP BY t1.\"site\"";

    private const string KindSql = "SELECT t0.\"kind\" AS g0, count(*) AS a0, sum(t0.\"value\") AS a1 FROM engine_input_0 t0 GROUP BY t0.\"kind\"";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_joinOverTwoSealedDatasets_givesTheExactAggregates()
    {
        var rows = ParquetTables.Laboratory();
        var sites = ParquetTables.Registry();
        using var laboratory = await SealedParts.SealAsync(await ParquetTables.WriteAsync(rows, Cancellation), PartBytes, Cancellation);
        using var registry = await SealedParts.SealAsync(await ParquetTables.WriteAsync(sites, Cancellation), PartBytes, Cancellation);
        using var first = await LoadAsync(laboratory, "id", "kind", "value");
        using var second = await LoadAsync(registry, "id", "site");

        var answer = await RunAsync(JoinSql, first, second);

        var siteOf = sites.ToDictionary(row => row.Id, row => row.Site);
        answer.Columns.Should().Equal(
            new EngineColumn("g0", EngineType.Text, 0), new EngineColumn("n0", EngineType.ScaledDecimal, 2),
            new EngineColumn("m0", EngineType.WholeNumber, 0), new EngineColumn("u0_0", EngineType.WholeNumber, 0));
        Lines(answer).Should().BeEquivalentTo(rows.Where(row => row.Kind == "kind-1").GroupBy(row => siteOf[row.Id]).Select(group => Line(
            group.Key,
            Scaled(group.Sum(row => row.Value ?? 0)),
            (long)group.Count(row => row.Value is not null),
            (long)group.Select(row => row.Id).Distinct().Count())));
        answer.Rows.Should().HaveCount(3);
    }

    [Fact]
    public async Task Run_groupOfAbsentKeys_isAGroupOfItsOwn()
    {
        var rows = ParquetTables.Laboratory();
        using var laboratory = await SealedParts.SealAsync(await ParquetTables.WriteAsync(rows, Cancellation), PartBytes, Cancellation);
        using var file = await LoadAsync(laboratory, "kind", "value");

        Lines(await RunAsync(KindSql, file)).Should().BeEquivalentTo(rows.GroupBy(row => row.Kind).Select(group =>
            Line(group.Key, (long)group.Count(), Scaled(group.Sum(row => row.Value ?? 0)))));
    }

    [Fact]
    public async Task Load_someColumns_opensExactlyTheSegmentsThatHoldThem()
    {
        var parquet = await ParquetTables.WriteAsync(ParquetTables.Laboratory(), Cancellation);
        using var laboratory = await SealedParts.SealAsync(parquet, PartBytes, Cancellation);
        using var file = await LoadAsync(laboratory, "kind", "value");

        laboratory.Opened.Should().BeEquivalentTo(Needed(laboratory, parquet, "kind", "value"));
        var spared = laboratory.All().Except(laboratory.Opened).ToArray();
        spared.Length.Should().BeGreaterThan(20, "the notes are most of the file");
        SegmentsOfColumn(laboratory, parquet, "note").Should().Contain(spared);
    }

    [Fact]
    public async Task Run_everyOtherSegmentDamaged_givesTheSameAnswer()
    {
        var parquet = await ParquetTables.WriteAsync(ParquetTables.Laboratory(), Cancellation);
        using var whole = await SealedParts.SealAsync(parquet, PartBytes, Cancellation);
        using var damaged = await SealedParts.SealAsync(parquet, PartBytes, Cancellation);
        foreach (var place in damaged.All().Except(Needed(damaged, parquet, "kind", "value")))
        {
            damaged.Damage(place);
        }

        using var expected = await LoadAsync(whole, "kind", "value");
        using var actual = await LoadAsync(damaged, "kind", "value");

        // What was never opened cannot have been noticed.
        Lines(await RunAsync(KindSql, actual)).Should().BeEquivalentTo(Lines(await RunAsync(KindSql, expected)));
        (await EngineInputLoader.LoadAsync([damaged], ["note"], engine.Pool, Cancellation)).Refusals.Should().ContainSingle()
            .Which.Code.Should().Be(RefusalCode.SealInvalid);
    }

    [Fact]
    public async Task Load_neededSegmentDamaged_isRefused()
    {
        var parquet = await ParquetTables.WriteAsync(ParquetTables.Laboratory(), Cancellation);
        using var whole = await SealedParts.SealAsync(parquet, PartBytes, Cancellation);
        foreach (var place in Needed(whole, parquet, "kind").Distinct().ToArray())
        {
            using var damaged = await SealedParts.SealAsync(parquet, PartBytes, Cancellation);
            damaged.Damage(place);
            (await EngineInputLoader.LoadAsync([damaged], ["kind"], engine.Pool, Cancellation)).Refusals.Should().ContainSingle()
                .Which.Code.Should().Be(RefusalCode.SealInvalid);
        }
    }

    [Fact]
    public async Task Run_columnThatWasNotLoaded_fails()
    {
        using var laboratory = await SealedParts.SealAsync(
            await ParquetTables.WriteAsync(ParquetTables.Laboratory(), Cancellation), PartBytes, Cancellation);
        using var file = await LoadAsync(laboratory, "kind");
        var run = await engine.Runner.RunAsync(EngineFixture.Job("SELECT max(note) AS m FROM engine_input_0", file), progress: null, Cancellation);
        run.Outcome.Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.QueryFailed);
    }

    private static IEnumerable<(int Part, long Segment)> Needed(SealedParts parts, byte[] parquet, params string[] columns)
    {
        var footer = FooterRange(parquet);
        return parts.SegmentsOf(0, ParquetFooter.MagicBytes)
            .Concat(parts.SegmentsOf(footer.Offset, parquet.Length - footer.Offset))
            .Concat(columns.SelectMany(column => SegmentsOfColumn(parts, parquet, column)))
            .Distinct();
    }

    private static IEnumerable<(int Part, long Segment)> SegmentsOfColumn(SealedParts parts, byte[] parquet, string column)
    {
        var range = FooterRange(parquet);
        var footer = ParquetFooter.Parse(parquet.AsSpan((int)range.Offset, (int)range.Length), range.Offset).Value;
        ImmutableArray<ByteRange> ranges = ParquetRanges.Of(footer, [column]).Value;
        return ranges.SelectMany(one => parts.SegmentsOf(one.Offset, one.Length)).Distinct();
    }

    private static ByteRange FooterRange(byte[] parquet) =>
        ParquetFooter.Locate(parquet.AsSpan(parquet.Length - ParquetFooter.TailBytes), parquet.Length).Value;

    private static IEnumerable<string> Lines(EngineRows rows) => rows.Rows.Select(row => Line([.. row]));

    private static string Line(params object?[] values) => string.Join('|', values.Select(RowSamples.Show));

    private static ScaledDecimal Scaled(decimal value) => new(new System.Numerics.BigInteger(value * 100), 2);

    private async Task<AnonymousFile> LoadAsync(SealedParts parts, params string[] columns) =>
        (await EngineInputLoader.LoadAsync([parts], columns, engine.Pool, Cancellation)).Value;

    private async Task<EngineRows> RunAsync(string sql, params AnonymousFile[] inputs)
    {
        var run = await engine.Runner.RunAsync(EngineFixture.Job(sql, inputs), progress: null, Cancellation);
        run.Failure?.Detail.Should().BeNull();
        return EngineRows.Read(run.Outcome.Value.Encoded, maxRows: 100).Value;
    }
}
