namespace CleanRoom.Datasets.Check;

/// <summary>A cell that passed: NULL, or a value of its column's type. Valid until the next row.</summary>
internal struct CheckedCell
{
    public bool IsNull;

    /// <summary>
    /// boolean: 0 or 1; int32, int64: the value; decimal: in units of the last digit; date: days since 1970-01-01;
    /// timestamp: microseconds since 1970-01-01T00:00:00Z.
    /// </summary>
    public long Number;

    /// <summary>uuid: the 16 bytes, big-endian.</summary>
    public UInt128 Wide;

    private byte[]? _source;
    private int _start;
    private int _length;

    /// <summary>Gets the bytes of a string, which is UTF-8, and of a sha256, which has 32; empty for other types.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _source.AsSpan(_start, _length);

    /// <summary>Says where the bytes are.</summary>
    public void Refer(byte[] source, int start, int length) => (_source, _start, _length) = (source, start, length);
}
