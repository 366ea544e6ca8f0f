using System.Globalization;

namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>A reusable buffer for the text of one cell.</summary>
internal sealed class ParquetTextBuffer
{
    private byte[] _bytes = new byte[128];
    private int _length;

    /// <summary>Gets what was written since the buffer was cleared.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Empties the buffer.</summary>
    public void Clear() => _length = 0;

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Appends a value in the invariant culture.</summary>
    public void Append<T>(T value, ReadOnlySpan<char> format = default)
        where T : IUtf8SpanFormattable
    {
        int written;
        while (!value.TryFormat(_bytes.AsSpan(_length), out written, format, CultureInfo.InvariantCulture))
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        _length += written;
    }

    /// <summary>Returns the next bytes to write into.</summary>
    public Span<byte> Take(int length)
    {
        var wanted = checked(_length + length);
        if (wanted > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(wanted, _bytes.Length * 2));
        }

        var taken = _bytes.AsSpan(_length, length);
        _length = wanted;
        return taken;
    }
}
