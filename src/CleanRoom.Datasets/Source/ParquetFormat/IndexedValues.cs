namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>Values that are named by their place in the dictionary.</summary>
internal sealed class IndexedValues(ParquetDictionary dictionary, HybridReader indexes) : ParquetValues
{
    /// <inheritdoc/>
    public override bool TryNext(out ReadOnlySpan<byte> value)
    {
        value = default;
        return indexes.TryNext(out var index) && dictionary.TryGet(index, out value);
    }
}
