using System.Collections.Immutable;
using CleanRoom.Datasets.Problems;

namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>Reads the page headers of a row group before anything is decoded.</summary>
/// <remarks>
/// A decoder takes memory as page headers say, and the sizes in the footer do not bind them. The guard adds up what the
/// pages themselves claim and refuses a row group that claims too much, or other pages than the footer says. The pages
/// that it returns are all that the decoder knows: a header is never read twice.
/// </remarks>
internal static class ParquetPageGuard
{
    /// <summary>The first window for a header. Doubled, it reaches <see cref="DatasetLimits.ParquetPageHeaderBytes"/> exactly.</summary>
    private const int UsualHeaderBytes = 4096;

    /// <summary>The bit-packed levels of old writers, numbered as an encoding.</summary>
    private const int BitPacked = 4;

    /// <summary>Returns the pages of every chunk, or what is wrong with the row group. Exactly one of the two is null.</summary>
    /// <param name="source">The file; its position is moved.</param>
    /// <param name="columns">From the footer.</param>
    /// <param name="group">From the footer; as many chunks as columns.</param>
    /// <param name="end">Where the footer begins: no page may reach past it.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<(ImmutableArray<ImmutableArray<ParquetPage>>? Pages, DatasetProblem? Problem)> IndexAsync(
        Stream source, ImmutableArray<ParquetColumn> columns, ParquetRowGroup group, long end, CancellationToken cancellationToken)
    {
        if (group.Rows > DatasetLimits.ParquetRowGroupRows)
        {
            return (null, Unsupported($"at most {DatasetLimits.ParquetRowGroupRows} rows in a row group", $"{group.Rows} rows"));
        }

        if (group.Rows * columns.Length > DatasetLimits.ParquetRowGroupCells)
        {
            return (null, Unsupported(
                $"at most {DatasetLimits.ParquetRowGroupCells} cells in a row group", $"{group.Rows} rows of {columns.Length} columns"));
        }

        var walk = new Walk(source);
        var pages = ImmutableArray.CreateBuilder<ImmutableArray<ParquetPage>>(columns.Length);
        foreach (var (column, chunk) in columns.Zip(group.Chunks))
        {
            if (chunk.Values != group.Rows || chunk.Offset < 4 || chunk.Offset > end || chunk.CompressedBytes > end - chunk.Offset)
            {
                return (null, Unreadable("column chunks inside the file, with a value for every row"));
            }

            if (await walk.ReadAsync(column, chunk, cancellationToken) is { } problem)
            {
                return (null, problem);
            }

            pages.Add(walk.Take());
        }

        return (pages.MoveToImmutable(), null);
    }

    private static DatasetProblem Unreadable(string wanted) =>
        DatasetProblem.OfFile(ProblemKind.FormatUnreadable, wanted, "other bytes");

    private static DatasetProblem Unsupported(string wanted, string got) =>
        DatasetProblem.OfFile(ProblemKind.FormatUnsupported, wanted, got);

    /// <summary>The sums over the chunks of one row group.</summary>
    private sealed class Walk(Stream source)
    {
        private readonly ImmutableArray<ParquetPage>.Builder _pages = ImmutableArray.CreateBuilder<ParquetPage>();
        private byte[] _buffer = new byte[UsualHeaderBytes];
        private long _claimed;
        private int _count;

        public ImmutableArray<ParquetPage> Take()
        {
            var pages = _pages.ToImmutable();
            _pages.Clear();
            return pages;
        }

        public async Task<DatasetProblem?> ReadAsync(ParquetColumn column, ParquetChunk chunk, CancellationToken cancellationToken)
        {
            var values = 0L;
            for (var at = 0L; at < chunk.CompressedBytes;)
            {
                if (await ReadHeaderAsync(chunk, at, cancellationToken) is not { } header)
                {
                    return Unreadable("a page header");
                }

                var (page, problem) = Judge(column, chunk, header, chunk.Offset + at + header.HeaderBytes);
                if (problem is not null)
                {
                    return problem;
                }

                at += header.HeaderBytes + (long)page.CompressedBytes;
                values += page.Kind == ParquetPageKind.Dictionary ? 0 : page.Values;
                if (at > chunk.CompressedBytes || values > chunk.Values)
                {
                    return Unreadable("pages that fit their column chunk");
                }

                _claimed += Math.Max(page.Bytes, page.CompressedBytes);
                if (_claimed > DatasetLimits.ParquetRowGroupBytes)
                {
                    return Unsupported($"at most {DatasetLimits.ParquetRowGroupBytes} bytes in a row group", "more");
                }

                if (++_count > DatasetLimits.ParquetRowGroupPages)
                {
                    return Unsupported($"at most {DatasetLimits.ParquetRowGroupPages} pages in a row group", "more");
                }

                _pages.Add(page);
            }

            return values == chunk.Values ? null : Unreadable("a value for every row");
        }

        private async Task<ParquetPageHeader?> ReadHeaderAsync(ParquetChunk chunk, long at, CancellationToken cancellationToken)
        {
            // Every header starts with the usual window and doubles it: a long header buys reads of its own length, not of every later page's.
            source.Position = chunk.Offset + at;
            for (int read = 0, wanted = UsualHeaderBytes; ; wanted *= 2)
            {
                if (_buffer.Length < wanted)
                {
                    Array.Resize(ref _buffer, wanted);
                }

                var window = (int)Math.Min(wanted, chunk.CompressedBytes - at);
                await source.ReadExactlyAsync(_buffer.AsMemory(read, window - read), cancellationToken);
                read = window;
                if (ParquetPageHeader.Parse(_buffer.AsSpan(0, window)) is { } header)
                {
                    return header;
                }

                if (window < wanted || wanted == DatasetLimits.ParquetPageHeaderBytes)
                {
                    return null;
                }
            }
        }

        private (ParquetPage Page, DatasetProblem? Problem) Judge(
            ParquetColumn column, ParquetChunk chunk, ParquetPageHeader header, long offset)
        {
            var kind = (ParquetPageKind)header.Kind;
            var isDictionary = kind == ParquetPageKind.Dictionary;
            var levels = kind == ParquetPageKind.DataV2 ? header.LevelBytes : 0;
            if (!Enum.IsDefined(kind) || header.Uncompressed < 0 || header.Compressed < 0 || header.Values < 0
                || levels < 0 || levels > Math.Min(header.Compressed, header.Uncompressed)
                || (kind == ParquetPageKind.DataV2 && header.RepetitionBytes != 0))
            {
                return (default, Unreadable("a page with sizes that fit each other"));
            }

            if (Math.Max(header.Uncompressed, header.Compressed) > DatasetLimits.ParquetPageBytes)
            {
                return (default, Unsupported($"at most {DatasetLimits.ParquetPageBytes} bytes in a page", "more"));
            }

            // A page without values would cost work and hold nothing; a dictionary comes first, and each entry takes its bytes.
            if (isDictionary
                ? _pages.Count > 0 || column.Physical == ParquetPhysical.Boolean || header.Values > header.Uncompressed / column.LeastBytes
                : header.Values == 0)
            {
                return (default, Unreadable(isDictionary ? "a dictionary before the values, with all its entries" : "pages with values"));
            }

            if (!Enum.IsDefined((ParquetEncoding)header.Encoding) || (kind == ParquetPageKind.Data && column.IsOptional && header.LevelEncoding == BitPacked))
            {
                return (default, Unsupported(
                    "pages in the encodings plain, dictionary, run-length, delta-binary-packed, delta-length-byte-array and byte-stream-split",
                    "another encoding"));
            }

            return (new ParquetPage
            {
                Kind = kind,
                Offset = offset,
                CompressedBytes = header.Compressed,
                Bytes = header.Uncompressed,
                Values = header.Values,
                Encoding = (ParquetEncoding)header.Encoding,
                LevelBytes = levels,
                IsCompressed = chunk.Codec != ParquetCodec.None && (kind != ParquetPageKind.DataV2 || header.IsCompressed),
            }, null);
        }
    }
}
