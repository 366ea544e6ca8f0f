using System.Buffers.Binary;

namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>Values of one width, or byte strings that begin with their length.</summary>
/// <param name="bytes">The values without gaps.</param>
/// <param name="width">Bytes of a value; 0 for byte strings.</param>
internal sealed class PlainValues(ReadOnlyMemory<byte> bytes, int width) : ParquetValues
{
    private const int LengthBytes = sizeof(int);

    private int _at;

    /// <inheritdoc/>
    public override bool TryNext(out ReadOnlySpan<byte> value)
    {
        var isThere = TryNext(out var start, out var length);
        value = bytes.Span.Slice(start, length);
        return isThere;
    }

    /// <summary>Returns where the next value lies; false, and nowhere, if it is not all there.</summary>
    public bool TryNext(out int start, out int length)
    {
        (start, length) = (_at, width);
        if (width == 0 && bytes.Length - _at >= LengthBytes)
        {
            (start, length) = (_at + LengthBytes, BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[_at..]));
        }
        else if (width == 0)
        {
            length = -1;
        }

        if (length < 0 || length > bytes.Length - start)
        {
            (start, length) = (0, 0);
            return false;
        }

        _at = start + length;
        return true;
    }
}
