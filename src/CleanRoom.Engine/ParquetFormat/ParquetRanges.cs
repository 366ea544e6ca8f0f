using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Engine.ParquetFormat;

/// <summary>The bytes of a Parquet file that DuckDB touches for given columns, beside the magic and the footer.</summary>
internal static class ParquetRanges
{
    /// <summary>Enough bytes to hold the header of a Bloom filter.</summary>
    public const int BloomHeaderBytes = 64;

    private const int MaxBloomFilterBytes = 128 * 1_048_576;

    /// <summary>Returns pages, page indexes and Bloom filters of the columns, for every row group.</summary>
    /// <param name="footer">The file's chunks.</param>
    /// <param name="columns">Names of top-level columns, compared ordinally.</param>
    /// <returns>
    /// Ascending ranges, or <see cref="RefusalCode.PartInvalid"/> when a column is in none of the row groups of a file that has some.
    /// </returns>
    public static Result<ImmutableArray<ByteRange>> Of(ParquetFooter footer, IReadOnlyCollection<string> columns)
    {
        var wanted = columns.ToHashSet(StringComparer.Ordinal);
        var chunks = footer.Chunks.Where(chunk => wanted.Contains(chunk.Column)).ToArray();
        var missing = wanted.Except(chunks.Select(chunk => chunk.Column), StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (missing.Length > 0 && footer.Chunks.Any())
        {
            return new Refusal(
                RefusalCode.PartInvalid, $"a parquet file with the columns {string.Join(", ", missing)}", "a file without them");
        }

        return ByteRange.Merge(chunks.SelectMany(RangesOf));
    }

    /// <summary>Returns the starts of the columns' Bloom filters whose length only their own header tells.</summary>
    public static ImmutableArray<long> BloomFiltersOfUnknownLength(ParquetFooter footer, IReadOnlyCollection<string> columns) =>
        [.. footer.Chunks.Where(chunk => columns.Contains(chunk.Column, StringComparer.Ordinal) && chunk.BloomFilterLength is null)
            .Select(chunk => chunk.BloomFilterOffset).OfType<long>()];

    /// <summary>Reads the header of a Bloom filter.</summary>
    /// <param name="header">The first bytes of the filter. Trust: collaborator-controlled.</param>
    /// <param name="offset">Where the filter starts.</param>
    /// <param name="dataEnd">No byte of the filter lies at or after this offset.</param>
    /// <returns>Header and bit set, or <see cref="RefusalCode.PartInvalid"/>.</returns>
    public static Result<ByteRange> BloomFilter(ReadOnlySpan<byte> header, long offset, long dataEnd)
    {
        var reader = new ThriftCompactReader(header);
        var bitSetBytes = 0L;
        var field = 0;
        while (reader.TryReadField(ref field, out var type))
        {
            if (field == 1 && type == ThriftType.I32)
            {
                bitSetBytes = reader.ReadInteger();
            }
            else
            {
                reader.Skip(type);
            }
        }

        var range = new ByteRange(offset, reader.Position + bitSetBytes);
        return !reader.HasFailed && bitSetBytes is > 0 and <= MaxBloomFilterBytes && range.End <= dataEnd
            ? range
            : new Refusal(RefusalCode.PartInvalid, "a parquet file with bloom filters inside the file", "a malformed one");
    }

    private static IEnumerable<ByteRange> RangesOf(ParquetColumnChunk chunk)
    {
        yield return chunk.Pages;
        foreach (var index in chunk.Indexes)
        {
            yield return index;
        }

        if (chunk is { BloomFilterOffset: { } offset, BloomFilterLength: { } length })
        {
            yield return new ByteRange(offset, length);
        }
    }
}
