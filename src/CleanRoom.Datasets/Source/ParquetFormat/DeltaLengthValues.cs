namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>Byte strings whose lengths come first. Spec: parquet Encodings, DELTA_LENGTH_BYTE_ARRAY.</summary>
internal sealed class DeltaLengthValues : ParquetValues
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly long[] _lengths;
    private int _next;
    private int _at;

    private DeltaLengthValues(ReadOnlyMemory<byte> bytes, long[] lengths) => (_bytes, _lengths) = (bytes, lengths);

    /// <summary>Reads the lengths; null if they are not there.</summary>
    public static DeltaLengthValues? Open(ReadOnlyMemory<byte> bytes, int count)
    {
        var lengths = new long[count];
        return DeltaReader.TryRead(bytes.Span, lengths, out var used) ? new DeltaLengthValues(bytes[used..], lengths) : null;
    }

    /// <inheritdoc/>
    public override bool TryNext(out ReadOnlySpan<byte> value)
    {
        var length = _next < _lengths.Length ? _lengths[_next++] : -1;
        if (length < 0 || length > _bytes.Length - _at)
        {
            value = default;
            return false;
        }

        value = _bytes.Span.Slice(_at, (int)length);
        _at += (int)length;
        return true;
    }
}
