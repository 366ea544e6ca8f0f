using System.Collections.Immutable;

namespace CleanRoom.Engine.ParquetFormat;

/// <summary>Bytes of a file.</summary>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">Number of bytes, from 1.</param>
internal readonly record struct ByteRange(long Offset, long Length)
{
    /// <summary>Gets the first byte after it.</summary>
    public long End => Offset + Length;

    /// <summary>Returns the same bytes as ascending ranges that neither touch nor overlap.</summary>
    public static ImmutableArray<ByteRange> Merge(IEnumerable<ByteRange> ranges)
    {
        var merged = ImmutableArray.CreateBuilder<ByteRange>();
        foreach (var range in ranges.OrderBy(range => range.Offset))
        {
            if (merged.Count > 0 && range.Offset <= merged[^1].End)
            {
                var last = merged[^1];
                merged[^1] = last with { Length = Math.Max(last.End, range.End) - last.Offset };
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged.ToImmutable();
    }
}
