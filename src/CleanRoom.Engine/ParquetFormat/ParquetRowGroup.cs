using System.Collections.Immutable;
using CleanRoom.Engine.Loading;

namespace CleanRoom.Engine.ParquetFormat;

/// <summary>One row group as the footer describes it.</summary>
/// <param name="Rows">How many rows it has, as the footer says.</param>
/// <param name="Chunks">Its column chunks.</param>
/// <param name="Description">Where in the footer its structure is.</param>
internal sealed record ParquetRowGroup(long Rows, ImmutableArray<ParquetColumnChunk> Chunks, Range Description)
{
    /// <summary>Says whether rows in it may lie within bounds: of what the writer does not say, they may.</summary>
    public bool MayHold(IReadOnlyCollection<ColumnWithin> within) => within.All(wanted =>
        Chunks.FirstOrDefault(chunk => string.Equals(chunk.Column, wanted.Column, StringComparison.Ordinal))?.Bounds is not { } bounds
        || (bounds.Least <= wanted.Greatest && bounds.Greatest >= wanted.Least));
}
