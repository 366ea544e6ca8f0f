namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>The different values of a column chunk.</summary>
internal sealed class ParquetDictionary
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int[] _starts;
    private readonly int[] _lengths;

    private ParquetDictionary(ReadOnlyMemory<byte> bytes, int[] starts, int[] lengths) =>
        (_bytes, _starts, _lengths) = (bytes, starts, lengths);

    /// <summary>Finds the entries of a dictionary page; null if they are not all there.</summary>
    /// <param name="column">The column; not a boolean.</param>
    /// <param name="bytes">The decompressed page. Trust: collaborator-controlled.</param>
    /// <param name="count">The number of entries, at most as many as fit the bytes.</param>
    public static ParquetDictionary? Open(ParquetColumn column, ReadOnlyMemory<byte> bytes, int count)
    {
        var (starts, lengths) = (new int[count], new int[count]);
        var entries = new PlainValues(bytes, column.Width);
        for (var i = 0; i < count; i++)
        {
            if (!entries.TryNext(out starts[i], out lengths[i]))
            {
                return null;
            }
        }

        return new ParquetDictionary(bytes, starts, lengths);
    }

    /// <summary>Returns an entry; false if there is none at this place.</summary>
    public bool TryGet(uint index, out ReadOnlySpan<byte> value)
    {
        if (index >= (uint)_starts.Length)
        {
            value = default;
            return false;
        }

        value = _bytes.Span.Slice(_starts[index], _lengths[index]);
        return true;
    }
}
