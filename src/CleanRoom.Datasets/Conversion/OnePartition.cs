namespace CleanRoom.Datasets.Conversion;

/// <summary>All rows in one derived file.</summary>
internal sealed class OnePartition : IUnitPartitioner
{
    /// <summary>Gets the one.</summary>
    public static OnePartition Instance { get; } = new();

    /// <inheritdoc/>
    public int Count => 1;

    /// <inheritdoc/>
    public int Of(ReadOnlySpan<byte> unit) => 0;
}
