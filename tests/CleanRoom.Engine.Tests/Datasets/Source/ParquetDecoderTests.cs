using System.Collections.Immutable;
using System.IO.Compression;
using CleanRoom.Datasets;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Conversion;
using CleanRoom.Datasets.Problems;
using CleanRoom.Datasets.Source;
using CleanRoom.Datasets.Source.ParquetFormat;
using CleanRoom.Protocol.Documents;
using CsCheck;
using K4os.Compression.LZ4;
using Snappier;
using ZstdSharp;

namespace CleanRoom.Engine.Tests.Datasets.Source;

/// <summary>The parts that turn pages into values, against bytes that lie.</summary>
public sealed class ParquetDecoderTests
{
    public static TheoryData<int> Codecs() => [(int)ParquetCodec.Snappy, (int)ParquetCodec.Gzip, (int)ParquetCodec.Zstd, (int)ParquetCodec.Lz4Raw];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Decompress_takes_exactly_the_size_that_was_agreed(int codec)
    {
        // A million zeros in some hundred bytes: whoever lets the bytes say how much they give takes what an attacker wants.
        var bytes = new byte[1_000_000];
        var compressed = Compress((ParquetCodec)codec, bytes);

        ParquetCompression.TryDecompress((ParquetCodec)codec, compressed, new byte[bytes.Length]).Should().BeTrue();
        ParquetCompression.TryDecompress((ParquetCodec)codec, compressed, new byte[bytes.Length - 1]).Should().BeFalse();
        ParquetCompression.TryDecompress((ParquetCodec)codec, compressed, new byte[bytes.Length + 1]).Should().BeFalse();
        ParquetCompression.TryDecompress((ParquetCodec)codec, compressed, Memory<byte>.Empty).Should().BeFalse();
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Decompress_any_bytes_never_throws(int codec)
    {
        var good = Compress((ParquetCodec)codec, [.. Enumerable.Range(0, 200).Select(i => (byte)(i % 7))]);
        Gen.Select(Gen.Byte.Array[0, 100], Gen.Int[0, good.Length], Gen.Int[0, 300]).Sample((tail, kept, length) =>
        {
            _ = ParquetCompression.TryDecompress((ParquetCodec)codec, (byte[])[.. good[..kept], .. tail], new byte[length]);
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(32)]
    public void Hybrid_runs_of_both_kinds_give_their_values(int width)
    {
        var mask = width == 32 ? uint.MaxValue : (1u << width) - 1;
        var run = Gen.Select(Gen.Bool, Gen.UInt.Array[1, 5]).Select((isPacked, values) => (isPacked, values.Select(value => value & mask).ToArray()));
        run.Array[0, 6].Sample(runs =>
        {
            var bytes = new List<byte>();
            var expected = new List<uint>();
            foreach (var (isPacked, values) in runs)
            {
                uint[] written = isPacked ? [.. values, .. new uint[8 - values.Length]] : [.. Enumerable.Repeat(values[0], values.Length)];
                bytes.AddRange(isPacked ? [3, .. Pack(written, width)] : [(byte)(written.Length << 1), .. BitConverter.GetBytes(written[0])[..((width + 7) / 8)]]);
                expected.AddRange(written);
            }

            var reader = new HybridReader(bytes.ToArray(), width);
            foreach (var value in expected)
            {
                if (!reader.TryNext(out var read) || read != value)
                {
                    return false;
                }
            }

            return !reader.TryNext(out _);
        });
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 1, 1, 1 })]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F })]
    public void Hybrid_runs_without_values_end(byte[] bytes) => new HybridReader(bytes, width: 8).TryNext(out _).Should().BeFalse();

    [Fact]
    public void Delta_example_of_the_format_gives_its_values()
    {
        // Spec: parquet Encodings, DELTA_BINARY_PACKED, second example: 7, 5, 3, 1, 2, 3, 4, 5 in one block of 128 and four miniblocks.
        byte[] bytes = [0x80, 0x01, 4, 8, 14, 3, 2, 0, 0, 0, 0b1100_0000, 0b0011_1111, 0, 0, 0, 0, 0, 0];
        var values = new long[8];

        DeltaReader.TryRead(bytes, values, out var used).Should().BeTrue();

        values.Should().Equal(7, 5, 3, 1, 2, 3, 4, 5);
        used.Should().Be(bytes.Length);
        DeltaReader.TryRead(bytes, new long[7], out _).Should().BeFalse();
        DeltaReader.TryRead(bytes, new long[9], out _).Should().BeFalse();
        DeltaReader.TryRead(bytes.AsSpan(0, bytes.Length - 1), values, out _).Should().BeFalse();
    }

    [Fact]
    public void Delta_any_bytes_never_throw() => Gen.Select(Gen.Byte.Array[0, 60], Gen.Int[0, 300]).Sample((tail, count) =>
    {
        _ = DeltaReader.TryRead((byte[])[0x80, 0x01, 4, .. tail], new long[count], out _);
    });

    [Fact]
    public void Plain_values_that_break_off_are_not_given()
    {
        Lengths(new PlainValues(new byte[] { 2, 0, 0, 0, 7, 8, 0, 0, 0, 0 }, width: 0)).Should().Equal(2, 0);
        Lengths(new PlainValues(new byte[] { 2, 0, 0, 0, 7 }, width: 0)).Should().BeEmpty();
        Lengths(new PlainValues(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 7 }, width: 0)).Should().BeEmpty();
        Lengths(new PlainValues(new byte[] { 1, 0, 0 }, width: 0)).Should().BeEmpty();
        Lengths(new PlainValues(new byte[9], width: 4)).Should().Equal(4, 4);
    }

    [Fact]
    public async Task Guard_dictionary_that_claims_a_billion_entries_is_refused()
    {
        // PageHeader {1: dictionary page, 2: uncompressed 8, 3: compressed 8, 7: {1: 2^30 entries, 2: plain}}.
        byte[] page = [0x15, 0x04, 0x15, 0x10, 0x15, 0x10, 0x4C, 0x15, 0x80, 0x80, 0x80, 0x80, 0x08, 0x15, 0x00, 0x00, 0x00, .. new byte[8]];
        var chunk = new ParquetChunk { Values = 1, Offset = 4, CompressedBytes = page.Length, Codec = ParquetCodec.None };
        var column = new ParquetColumn { Name = "v", IsOptional = true, Physical = ParquetPhysical.Int64, Logical = ParquetLogical.Plain, Length = 0, Scale = 0 };
        var file = new MemoryStream([.. "PAR1"u8, .. page]);

        var (_, problem) = await ParquetPageGuard.IndexAsync(
            file, [column], new ParquetRowGroup { Rows = 1, Chunks = [chunk] }, file.Length, TestContext.Current.CancellationToken);

        problem!.Wanted.Should().Be("a dictionary before the values, with all its entries");
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData((1 << 20) - 100)]
    public async Task Guard_one_long_page_header_does_not_make_the_later_ones_long(int statisticsBytes)
    {
        const int LaterPages = 3000;
        var file = new CountingStream([.. "PAR1"u8, .. Page(statisticsBytes), .. Enumerable.Repeat(Page(10), LaterPages).SelectMany(page => page), .. new byte[1 << 20]]);
        var chunk = new ParquetChunk { Values = LaterPages + 1, Offset = 4, CompressedBytes = file.Length - 4 - (1 << 20), Codec = ParquetCodec.None };

        var (pages, problem) = await GuardAsync(file, chunk);

        problem.Should().BeNull();
        pages!.Value.Single().Should().HaveCount(LaterPages + 1);
        file.BytesRead.Should().BeLessThan((2 * statisticsBytes) + ((LaterPages + 2) * 4096));
    }

    [Fact]
    public async Task Guard_page_header_longer_than_the_limit_is_refused()
    {
        var file = new CountingStream([.. "PAR1"u8, .. Page((1 << 20) + 1), .. new byte[1 << 20]]);
        var chunk = new ParquetChunk { Values = 1, Offset = 4, CompressedBytes = file.Length - 4, Codec = ParquetCodec.None };

        var (_, problem) = await GuardAsync(file, chunk);

        problem!.Wanted.Should().Be("a page header");
        file.BytesRead.Should().Be(DatasetLimits.ParquetPageHeaderBytes);
    }

    [Fact]
    public async Task Open_row_groups_that_share_their_bytes_are_unreadable() =>
        (await OpenAsync([.. Enumerable.Repeat(new WrittenRowGroup(1, [Chunk(bytes: 100)]), 3)], fileBytes: 200))!
            .Wanted.Should().Be("column chunks beside each other");

    [Fact]
    public async Task Open_more_rows_than_any_dataset_has_is_unsupported() =>
        (await OpenAsync([.. Enumerable.Repeat(new WrittenRowGroup(int.MaxValue, [Chunk(bytes: 10)]), 2)], fileBytes: 200))!
            .Wanted.Should().Be($"at most {DatasetLimits.ParquetRows} rows");

    [Fact]
    public async Task Open_codec_that_is_not_read_is_unsupported()
    {
        var footer = Footer([new WrittenRowGroup(1, [Chunk(bytes: 10)])]).ToArray();

        // ColumnMetaData {4: zstd = 6}, zigzag, behind the path ["v"]: 5 is the codec that was never specified well.
        var path = footer.AsSpan().LastIndexOf("\x01v\x15\x0C"u8);
        footer[path + 3] = 0x0A;

        (await OpenAsync(footer, fileBytes: 200))!.Got.Should().Be("codec 5");
    }

    private static List<int> Lengths(PlainValues values)
    {
        var lengths = new List<int>();
        while (values.TryNext(out ReadOnlySpan<byte> value))
        {
            lengths.Add(value.Length);
        }

        return lengths;
    }

    private static WrittenChunk Chunk(long bytes) => new()
    {
        Offset = 4,
        DictionaryBytes = 0,
        Encoding = ParquetEncoding.Plain,
        Codec = ParquetCodec.Zstd,
        CompressedBytes = bytes,
        Bytes = bytes,
        Nulls = 0,
        Bounds = null,
    };

    private static ReadOnlyMemory<byte> Footer(IReadOnlyList<WrittenRowGroup> groups)
    {
        var contract = DatasetContracts.Of(new DatasetColumn("v", ColumnType.Int64));
        var (rule, _) = ColumnRule.Create(contract.Schema[0], contract.Policy.Columns["v"], new CellKeyer());
        return ParquetFooterWriter.Write([new ColumnBuffer(rule!, PlainIdentifiers.Instance)], groups);
    }

    private static Task<DatasetProblem?> OpenAsync(ImmutableArray<WrittenRowGroup> groups, int fileBytes) => OpenAsync(Footer(groups).ToArray(), fileBytes);

    private static async Task<DatasetProblem?> OpenAsync(byte[] footer, int fileBytes)
    {
        byte[] file = [.. "PAR1"u8, .. new byte[fileBytes], .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8];
        var (table, problem) = await TableOpener.OpenAsync(new MemoryStream(file), TestContext.Current.CancellationToken);
        table.Should().BeNull();
        return problem;
    }

    private static byte[] Compress(ParquetCodec codec, byte[] bytes)
    {
        switch (codec)
        {
            case ParquetCodec.Snappy:
                return Snappy.CompressToArray(bytes);
            case ParquetCodec.Zstd:
                using (var zstd = new Compressor())
                {
                    return zstd.Wrap(bytes).ToArray();
                }

            case ParquetCodec.Lz4Raw:
                var target = new byte[LZ4Codec.MaximumOutputSize(bytes.Length)];
                return target[..LZ4Codec.Encode(bytes, target)];
            default:
                var output = new MemoryStream();
                using (var gzip = new GZipStream(output, CompressionLevel.Optimal))
                {
                    gzip.Write(bytes);
                }

                return output.ToArray();
        }
    }

    private static byte[] Pack(uint[] values, int width)
    {
        var bytes = new byte[(values.Length * width) / 8];
        for (var bit = 0; bit < values.Length * width; bit++)
        {
            bytes[bit / 8] |= (byte)(((values[bit / width] >> (bit % width)) & 1) << (bit % 8));
        }

        return bytes;
    }

    private static Task<(ImmutableArray<ImmutableArray<ParquetPage>>? Pages, DatasetProblem? Problem)> GuardAsync(Stream file, ParquetChunk chunk)
    {
        var column = new ParquetColumn { Name = "v", IsOptional = false, Physical = ParquetPhysical.Int32, Logical = ParquetLogical.Plain, Length = 0, Scale = 0 };
        return ParquetPageGuard.IndexAsync(
            file, [column], new ParquetRowGroup { Rows = chunk.Values, Chunks = [chunk] }, file.Length, TestContext.Current.CancellationToken);
    }

    /// <summary>PageHeader {1: data page, 2: uncompressed 4, 3: compressed 4, 5: {1: one value, 2: plain, 3: run-length, 4: run-length, 5: {5: max value}}} and the value.</summary>
    private static byte[] Page(int statisticsBytes)
    {
        var length = new List<byte>();
        for (var rest = statisticsBytes; ; rest >>= 7)
        {
            length.Add((byte)(rest < 0x80 ? rest : (rest & 0x7F) | 0x80));
            if (rest < 0x80)
            {
                break;
            }
        }

        return
        [
            0x15, 0x00, 0x15, 0x08, 0x15, 0x08, 0x2C, 0x15, 0x02, 0x15, 0x00, 0x15, 0x06, 0x15, 0x06, 0x1C, 0x58,
            .. length, .. new byte[statisticsBytes], 0x00, 0x00, 0x00, .. new byte[4],
        ];
    }

    private sealed class CountingStream(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public long BytesRead { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            BytesRead += read;
            return read;
        }
    }
}
