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

    /// <summary>string: UTF-8; sha256: 32 bytes.</summary>
    public ReadOnlyMemory<byte> Bytes;
}
