using System.Globalization;
using CleanRoom.Engine.ParquetFormat;
using CleanRoom.Engine.Tests.Support;
using CleanRoom.Protocol;
using CsCheck;

namespace CleanRoom.Engine.Tests.ParquetFormat;

public class ParquetFooterTests
{
    private static readonly byte[] File = ParquetBytes.People();

    private static (byte[] Bytes, long Start) Footer()
    {
        var range = ParquetFooter.Locate(File.AsSpan(File.Length - 8), File.Length).Value;
        return (File[(int)range.Offset..(int)range.End], range.Offset);
    }

    [Fact]
    public void Parse_fileOfDuckDb_givesTheChunksThatDuckDbNames()
    {
        var expected = ParquetBytes.Describe(
            File,
            path => "SELECT path_in_schema, coalesce(dictionary_page_offset, data_page_offset), total_compressed_size, bloom_filter_offset, "
                + $"bloom_filter_length FROM parquet_metadata('{path}')");
        var (footer, start) = Footer();
        var chunks = ParquetFooter.Parse(footer, start).Value.Chunks;
        chunks.Select(chunk => (
            chunk.Column,
            chunk.Pages.Offset,
            chunk.Pages.Length,
            chunk.BloomFilterOffset,
            chunk.BloomFilterLength)).Should().BeEquivalentTo(expected.Select(row => (
                (string)row[0]!,
                Number(row[1])!.Value,
                Number(row[2])!.Value,
                Number(row[3]),
                Number(row[4]))));
        chunks.Should().HaveCount(40).And.Contain(chunk => chunk.BloomFilterOffset != null);
    }

    [Fact]
    public void Parse_changedBytes_givesChunksInsideTheFileOrRefuses()
    {
        var (footer, start) = Footer();
        Gen.Select(Gen.Int[0, footer.Length - 1], Gen.Byte).Array[1, 8].Sample(
            changes =>
            {
                var changed = (byte[])footer.Clone();
                foreach (var (position, value) in changes)
                {
                    changed[position] = value;
                }

                if (ParquetFooter.Parse(changed, start).TryGet(out var parsed, out _))
                {
                    // A footer that names no chunk is a fair reading: nothing of the file is then loaded.
                    parsed.Chunks.SelectMany(RangesOf).Where(range => range.Offset < 4 || range.Length < 1 || range.Length > start - range.Offset)
                        .Should().BeEmpty();
                }
            },
            iter: 2_000);
    }

    [Fact]
    public void Parse_anyBytes_neverThrows() =>
        Gen.Byte.Array[0, 300].Sample(bytes => _ = ParquetFooter.Parse(bytes, 1_000), iter: 5_000);

    [Fact]
    public void Parse_everyPrefix_isRefused()
    {
        var (footer, start) = Footer();
        for (var length = 0; length < footer.Length; length += 7)
        {
            ParquetFooter.Parse(footer.AsSpan(0, length), start).IsAccepted.Should().BeFalse();
        }
    }

    [Fact]
    public void Parse_trailingByte_isRefused()
    {
        var (footer, start) = Footer();
        ParquetFooter.Parse([.. footer, 0], start).Refusals[0].Code.Should().Be(RefusalCode.PartInvalid);
    }

    [Theory]
    [InlineData("0000000050415231")]
    [InlineData("ffffff7f50415231")]
    [InlineData("5a00000050415231")]
    [InlineData("0800000050415245")]
    public void Locate_footerThatDoesNotFit_isRefused(string tail) =>
        ParquetFooter.Locate(Convert.FromHexString(tail), fileLength: 100).IsAccepted.Should().BeFalse();

    [Fact]
    public void Merge_anyRanges_coversExactlyTheSameBytes() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int[1, 12], (offset, length) => new ByteRange(offset, length)).Array[0, 12].Sample(ranges =>
        {
            var merged = ByteRange.Merge(ranges);
            Cells(merged).Should().BeEquivalentTo(Cells(ranges).Distinct());
            merged.Zip(merged.Skip(1)).All(pair => pair.First.End < pair.Second.Offset).Should().BeTrue();
        });

    private static IEnumerable<ByteRange> RangesOf(ParquetColumnChunk chunk) =>
        chunk.BloomFilterOffset is { } offset
            ? [chunk.Pages, .. chunk.Indexes, new ByteRange(offset, chunk.BloomFilterLength ?? 1)]
            : [chunk.Pages, .. chunk.Indexes];

    private static IEnumerable<long> Cells(IEnumerable<ByteRange> ranges) =>
        ranges.SelectMany(range => Enumerable.Range(0, (int)range.Length).Select(i => range.Offset + i));

    private static long? Number(object? value) => value is null ? null : Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
