using System.Buffers;
using CleanRoom.Datasets.Problems;

namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>Walks the page headers of a row group before anything is decoded.</summary>
/// <remarks>
/// Decoders take memory as page headers say, and the sizes in the footer do not bind them. The guard adds up what the
/// pages themselves claim and refuses a row group that claims too much, or other pages than the footer says.
/// </remarks>
internal static class ParquetPageGuard
{
    private const int UsualHeaderBytes = 4096;
    private const int DataPage = 0, DictionaryPage = 2, DataPageV2 = 3;

    /// <summary>Returns what is wrong with a row group; null when it may be decoded.</summary>
    /// <param name="source">The file; its position is moved.</param>
    /// <param name="group">From the footer.</param>
    /// <param name="end">Where the footer begins: no page may reach past it.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<DatasetProblem?> CheckAsync(Stream source, ParquetRowGroup group, long end, CancellationToken cancellationToken)
    {
        if (group.Rows > DatasetLimits.ParquetRowGroupRows)
        {
            return DatasetProblem.OfFile(
                ProblemKind.FormatUnsupported, $"at most {DatasetLimits.ParquetRowGroupRows} rows in a row group", $"{group.Rows} rows");
        }

        if (group.Rows * group.Chunks.Length > DatasetLimits.ParquetRowGroupCells)
        {
            return DatasetProblem.OfFile(
                ProblemKind.FormatUnsupported,
                $"at most {DatasetLimits.ParquetRowGroupCells} cells in a row group",
                $"{group.Rows} rows of {group.Chunks.Length} columns");
        }

        var claimed = 0L;
        foreach (var chunk in group.Chunks)
        {
            if (chunk.Values != group.Rows || chunk.Offset < 4 || chunk.Offset > end || chunk.CompressedBytes > end - chunk.Offset)
            {
                return Unreadable("column chunks inside the file, with a value for every row");
            }

            var (bytes, problem) = await AddUpAsync(source, chunk, cancellationToken);
            claimed += bytes;
            if (problem is not null)
            {
                return problem;
            }

            if (claimed > DatasetLimits.ParquetRowGroupBytes)
            {
                return DatasetProblem.OfFile(
                    ProblemKind.FormatUnsupported, $"at most {DatasetLimits.ParquetRowGroupBytes} bytes in a row group", "more");
            }
        }

        return null;
    }

    private static async Task<(long Bytes, DatasetProblem? Problem)> AddUpAsync(
        Stream source, ParquetChunk chunk, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(UsualHeaderBytes);
        try
        {
            long bytes = 0, values = 0;
            for (var at = 0L; at < chunk.CompressedBytes;)
            {
                source.Position = chunk.Offset + at;
                var window = (int)Math.Min(buffer.Length, chunk.CompressedBytes - at);
                window = await source.ReadAtLeastAsync(buffer.AsMemory(0, window), window, throwOnEndOfStream: false, cancellationToken);
                if (Header.Parse(buffer.AsSpan(0, window)) is not { } header)
                {
                    if (window == buffer.Length && buffer.Length < DatasetLimits.ParquetPageHeaderBytes)
                    {
                        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
                        buffer = ArrayPool<byte>.Shared.Rent(DatasetLimits.ParquetPageHeaderBytes);
                        continue;
                    }

                    return (0, Unreadable("a page header"));
                }

                bytes += header.Uncompressed;
                values += header.Values;
                at += header.Length + header.Compressed;
                if (at > chunk.CompressedBytes || bytes > DatasetLimits.ParquetRowGroupBytes || values > chunk.Values)
                {
                    return (0, Unreadable("pages that fit their column chunk"));
                }
            }

            return values == chunk.Values ? (bytes, null) : (0, Unreadable("a value for every row"));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static DatasetProblem Unreadable(string wanted) =>
        DatasetProblem.OfFile(ProblemKind.FormatUnreadable, wanted, "other bytes");

    /// <summary>The sizes of a page. Spec: parquet.thrift, PageHeader.</summary>
    private readonly record struct Header(int Length, int Compressed, int Uncompressed, int Values)
    {
        public static Header? Parse(ReadOnlySpan<byte> bytes)
        {
            var reader = new ThriftReader(bytes);
            int page = -1, uncompressed = -1, compressed = -1, values = 0;
            for (var id = 0; reader.NextField(ref id, out var type);)
            {
                switch (id, type)
                {
                    case (1, ThriftReader.I32):
                        page = reader.ReadI32();
                        break;
                    case (2, ThriftReader.I32):
                        uncompressed = reader.ReadI32();
                        break;
                    case (3, ThriftReader.I32):
                        compressed = reader.ReadI32();
                        break;
                    case (5 or 8, ThriftReader.Struct):
                        values = ReadValues(ref reader);
                        break;
                    default:
                        reader.Skip(type);
                        break;
                }
            }

            return reader.HasFailed || uncompressed < 0 || compressed < 0 || values < 0 || page is not (DataPage or DictionaryPage or DataPageV2)
                ? null
                : new Header(bytes.Length - reader.Remaining, compressed, uncompressed, page == DictionaryPage ? 0 : values);
        }

        private static int ReadValues(ref ThriftReader reader)
        {
            var values = -1;
            for (var id = 0; reader.NextField(ref id, out var type);)
            {
                if ((id, type) == (1, ThriftReader.I32))
                {
                    values = reader.ReadI32();
                }
                else
                {
                    reader.Skip(type);
                }
            }

            return values;
        }
    }
}
